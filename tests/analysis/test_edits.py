"""Edits of texts, on examples written by hand."""

import hashlib

import pytest

from core.analysis.edits import RULES, SOFT, STRICT, apply_edit
from core.analysis.typos import with_missing_letter, with_swapped_letters, with_wrong_key
from core.artifacts.schema import Edit

SEED = 42


@pytest.mark.parametrize(
    ("edit", "text", "edited"),
    [
        (Edit.LOWER_CASE, "I am So HAPPY", "i am so HAPPY"),
        (Edit.LOWER_CASE, "I'M done. Été", "I'M done. été"),
        (Edit.LOWER_CASE, "all small", None),
        (Edit.UPPER_CASE, "straße :)", "STRASSE :)"),
        (Edit.UPPER_CASE, "LOUD", None),
        (Edit.EXTRA_SPACES, "a b", "a  b"),
        (Edit.EXTRA_SPACES, "one", None),
        (Edit.FULL_STOP, "Done.", "Done"),
        (Edit.FULL_STOP, "done\n", "done.\n"),
        (Edit.FULL_STOP, "done...", None),
        (Edit.FULL_STOP, "why?", None),
        (Edit.FULL_STOP, ".", None),
        (Edit.EXCLAMATION, "Done.", "Done!"),
        (Edit.EXCLAMATION, "a", "a!"),
        (Edit.EXCLAMATION, "why?", None),
        (Edit.QUOTE_MARKS, "can’t “stop”", 'can\'t "stop"'),
        (Edit.QUOTE_MARKS, "can't \"stop\" 'it'", "can’t “stop” ‘it’"),
        (Edit.QUOTE_MARKS, "plain", None),
        (Edit.HASH_SIGNS, "#happy and #1 C#", "happy and #1 C#"),
        (Edit.HASH_SIGNS, "C#", None),
        (Edit.EXPANDED, "I can't, won't, don't", "I cannot, will not, do not"),
        (Edit.EXPANDED, "Can’t. I’m sure they’re late", "Cannot. I am sure they are late"),
        (Edit.EXPANDED, "it's been fun, it's late, let's go", "it has been fun, it is late, let us go"),
        (Edit.EXPANDED, "i didnt know im alone", "i did not know i am alone"),
        (Edit.EXPANDED, "I DON'T", "I DO NOT"),
        (Edit.EXPANDED, "they were here, wont ill its he'd Bob's", None),
        (Edit.CONTRACTED, "I cannot. We will not stay, it is late", "I can't. We won't stay, it's late"),
        (Edit.CONTRACTED, "I am sure it’s you are", "I’m sure it’s you are"),
        (Edit.CONTRACTED, "yes I am.", None),
        (Edit.CONTRACTED, "DO NOT", "DON'T"),
        (Edit.OPENING_WORD, "I left", "So, I left"),
        (Edit.CLOSING_WORDS, "I left", "I left. That is what I wanted to say."),
        (Edit.CLOSING_WORDS, "I left! ", "I left! That is what I wanted to say."),
        (Edit.HANDLE, "hi", "@jordan hi"),
        (Edit.LINK, "hi ", "hi https://example.org/a7"),
        (Edit.NO_PUNCTUATION, "Well, (3.5%) don't... stop — now!", "Well 3.5% don't stop now"),
        (Edit.NO_PUNCTUATION, "@bob, see https://a.b/c?d=e :)", "@bob see https://a.b/c?d=e :)"),
        (Edit.NO_PUNCTUATION, "wait...what", "wait what"),
        (Edit.NO_PUNCTUATION, "!!!", None),
        (Edit.NO_EMOJI, "great 🎉! I ❤️ it", "great! I it"),
        (Edit.NO_EMOJI, "we 👨‍👩‍👧 👍🏽 and 🇩🇪 1️⃣ :) go", "we and go"),
        (Edit.NO_EMOJI, "ok :-( http://a.b", "ok http://a.b"),
        (Edit.NO_EMOJI, "joy😀\nmore", "joy\nmore"),
        (Edit.NO_EMOJI, "😀", None),
        (Edit.NO_EMOJI, "at 8:30 (D), © 5 *", None),
    ],
)
def test_edit(edit: Edit, text: str, edited: str | None):
    assert apply_edit(edit, text, seed=SEED) == edited


def test_typos_touch_one_inner_letter_of_one_long_word():
    text = "My friends ate cake"
    swapped = {with_swapped_letters(text, seed) for seed in range(200)}
    cakes = {"My friends ate ckae"}
    friends = {f"My {word} ate cake" for word in ("firends", "freinds", "frineds", "friedns", "frienda")} - {
        "My frienda ate cake"
    }
    assert swapped == cakes | friends
    missing = {with_missing_letter(text, seed) for seed in range(200)}
    short = ["friends"[:at] + "friends"[at + 1 :] for at in range(1, 6)]
    assert missing == {f"My {word} ate cake" for word in short} | {"My friends ate cke", "My friends ate cae"}
    wrong = {with_wrong_key("kiss", seed) for seed in range(200)}
    assert wrong == {"kuss", "koss", "kias", "kids"}
    assert with_wrong_key("KISS", 0).isupper()


@pytest.mark.parametrize(
    "text", ["", "a", "the cat", "@jordan https://example.org #happy", "我很高兴今天天气好", "😀 12345"]
)
def test_text_without_a_long_word_gets_no_typo(text: str):
    for edit in (Edit.SWAPPED_LETTERS, Edit.WRONG_KEY, Edit.MISSING_LETTER):
        assert apply_edit(edit, text, seed=SEED) is None


def test_every_edit_leaves_something_or_is_none():
    long = "I can't believe it's been so long, 😀 really! "
    for text in (
        "",
        " ",
        "\n",
        "a",
        ".",
        "😀",
        "\ud800",
        long * 220,
        "x" * 10_000,
        " " * 10_000 + "a",
        "a" + "." * 10_000,
    ):
        for edit in Edit:
            edited = apply_edit(edit, text, seed=SEED)
            assert edited is None or (edited != text and edited.strip())


def test_strict_and_soft_edits_are_all_edits():
    assert set(Edit) == STRICT | SOFT
    assert not STRICT & SOFT


def test_edits_give_the_texts_that_runs_were_made_with():
    """An edit that gives another text than before would show it beside stored answers: raise RULES with this sum."""
    texts = [
        "I'm so HAPPY today, can't believe it's been a year! 😀 #blessed",
        "i am not sure they will come back",
        "“No,” she said.",
    ]
    made = [str(apply_edit(edit, text, seed=seed)) for edit in Edit for text in texts for seed in (0, 42)]
    assert (RULES, hashlib.sha256("\n".join(made).encode()).hexdigest()[:12]) == (1, "16e0620fd611")
