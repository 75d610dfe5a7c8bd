"""The vocabulary as a tokenizer of the library `tokenizers`, whose file is read without this one.

Its text is the names of tokens with a space between two. Ids that are not assigned have names that
no sentence has. It cannot refuse a word that is not the name of a token, so the word becomes the
first of these ids.
"""

from __future__ import annotations

from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, processors

from logos_grammar.vocabulary import vocabulary

PAD, BOS, EOS = "<pad>", "<bos>", "<eos>"

FAST = "tokenizer.json"
"""The name of its file."""


def _name(id: int) -> str:
    return str(vocabulary.name(id)) if id in vocabulary else f"<unassigned:{id}>"


UNKNOWN = _name(next(id for id in range(vocabulary.size) if id not in vocabulary))
"""What a word becomes that is not the name of a token; models with few rows have this id too."""


def fast_tokenizer(*, with_bos: bool, with_eos: bool) -> Tokenizer:
    """Make it.

    Parameters
    ----------
    with_bos, with_eos
        Whether each text begins with ``<bos>`` and ends with ``<eos>``, each of a pair too.
    """
    words = {_name(id): id for id in range(vocabulary.size)}
    tokenizer = Tokenizer(models.WordLevel(words, unk_token=UNKNOWN))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    # Names with a space between two, as without a decoder; but llguidance requires one that makes
    # bytes. No name begins with the prefix or is a byte.
    joined = decoders.WordPiece(prefix="\0", cleanup=False)
    tokenizer.decoder = decoders.Sequence([decoders.ByteFallback(), joined])
    tokenizer.add_special_tokens(
        [
            AddedToken(name, special=True, normalized=False, single_word=True)
            for name in (PAD, BOS, EOS)
        ]
    )
    before, after = [BOS] * with_bos, [EOS] * with_eos
    if before or after:
        tokenizer.post_processor = processors.TemplateProcessing(
            single=[*before, "$A", *after],
            pair=[*before, "$A", *after, *before, "$B", *after],
            special_tokens=[(name, vocabulary.id(name)) for name in (*before, *after)],
        )
    return tokenizer
