"""What differs between two texts."""

from core.analysis.text_changes import Part, around_change, compare_texts


def marked(parts: list[Part]) -> str:
    return "".join(f"[{part.text}]" if part.changed else part.text for part in parts)


def test_changed_words_are_marked_on_both_sides():
    before, after = compare_texts("I can't go home", "I cannot go home now")
    assert (marked(before), marked(after)) == ("I [can't] go home", "I [cannot] go home[ now]")


def test_what_is_added_or_taken_away_is_marked_on_one_side():
    before, after = compare_texts("Done.", "Done")
    assert (marked(before), marked(after)) == ("Done[.]", "Done")
    before, after = compare_texts("a b", "a  b")
    assert (marked(before), marked(after)) == ("a b", "a[ ] b") or (marked(before), marked(after)) == ("a b", "a [ ]b")


def test_parts_join_to_the_texts_whatever_they_hold():
    pairs = [
        ("", ""),
        ("same", "same"),
        ("", "new"),
        ("x_y 😀\n", "X_Y\n"),
        ("aaa", "aa"),
        ("word " * 2000, "WORD " * 2000),
    ]
    for before, after in pairs:
        old, new = compare_texts(before, after)
        assert ("".join(part.text for part in old), "".join(part.text for part in new)) == (before, after)
        assert [p.text for p in old if not p.changed] == [p.text for p in new if not p.changed]


def test_long_text_is_shown_around_its_first_change():
    before, after = compare_texts("x " * 500 + "end", "x " * 500 + "END")
    shown = marked(around_change(after, max_chars=100))
    assert shown.startswith("… ") or shown.startswith("…x")
    assert shown.endswith("[END]")
    assert len(shown) == 100 + len("…[]")
    assert around_change(before, max_chars=2000) == before
    same = around_change([Part(text="y" * 300, changed=False)], max_chars=50)
    assert "".join(part.text for part in same) in ("y" * 50 + "…", "…" + "y" * 50)
