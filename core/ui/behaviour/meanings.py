"""What each edit does, and where its doubt lies."""

from types import MappingProxyType

from core.analysis.edits import CLOSING, HANDLE, LINK, OPENING
from core.artifacts.schema import Edit

EDIT_MEANINGS = MappingProxyType(
    {
        Edit.LOWER_CASE: "Capital letters become small; words all in capitals stay, since they may be shouted.",
        Edit.EXTRA_SPACES: "Every space is doubled.",
        Edit.FULL_STOP: "A full stop at the end is taken away, or added where there is no sign.",
        Edit.QUOTE_MARKS: "Curly apostrophes and quotation marks become straight, or straight ones curly.",
        Edit.HASH_SIGNS: "Tags become plain words: #happy, happy.",
        Edit.EXPANDED: "English contractions are written out: can’t, cannot. In questions that can sound stiff.",
        Edit.CONTRACTED: "English words are put together: cannot, can’t.",
        Edit.SWAPPED_LETTERS: "Two letters inside one word change places. Now and then another word comes out.",
        Edit.WRONG_KEY: "One letter inside a word is replaced by its neighbour on the keyboard.",
        Edit.MISSING_LETTER: "One letter inside a word is left out. Now and then another word comes out.",
        Edit.OPENING_WORD: f"“{OPENING.strip()}” is put before the text; an English word before any text.",
        Edit.CLOSING_WORDS: f"“{CLOSING}” is put after the text; an English sentence after any text.",
        Edit.HANDLE: f"“{HANDLE}” is put before the text, as in an answer to somebody.",
        Edit.LINK: f"“{LINK}” is put after the text.",
        Edit.UPPER_CASE: "All letters become capitals. That can read as shouting, so a change may be right.",
        Edit.EXCLAMATION: "An exclamation mark ends the text. That adds force, so a change may be right.",
        Edit.NO_PUNCTUATION: "Punctuation around words is taken away. A lost ! or ? can matter to the tone.",
        Edit.NO_EMOJI: "Emoji and emoticons are taken away. They may carry the emotion, so a change may be right.",
    }
)
STRICT_AND_SOFT = (
    "Most edits leave the meaning alone. Those in italics can change the tone (capitals, exclamation marks,"
    " punctuation, emoji), and with it an emotion: they are shown, but not counted in the share of each model."
)
FAILURE = (
    "Share of the texts whose answer is another one after at least one edit that leaves the meaning alone, whether the"
    " answer was right or not. 0% is best. Interval: Wilson score, 95%. The idea is that of the invariance tests of"
    " CheckList (Ribeiro et al. 2020)."
)
