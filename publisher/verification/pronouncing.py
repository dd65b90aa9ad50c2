"""How words are pronounced that the recogniser's dictionary lacks: names, borrowed words, other languages.

espeak-ng tells the phonemes; they are mapped to those of the recogniser's English model (ARPABET), the nearest where
English has none. Only words that no dictionary has are pronounced so: for all others the opinion stays its own.
"""

from __future__ import annotations

import ctypes
import json
import sys
from collections.abc import Iterable

import espeakng_loader  # type: ignore[import-untyped]

_LIMIT = 60.0
_ARPABET = {
    **{"iː": "IY", "i": "IY", "ɪ": "IH", "ɨ": "IH", "e": "EH", "ɛ": "EH", "æ": "AE", "a": "AE", "aː": "AA"},
    **{"ɑ": "AA", "ɑː": "AA", "ɒ": "AA", "ɔ": "AO", "ɔː": "AO", "oː": "AO", "o": "OW", "ʊ": "UH", "u": "UW"},
    **{"uː": "UW", "ʌ": "AH", "ɐ": "AH", "ə": "AH", "ɜ": "ER", "ɜː": "ER", "ɚ": "ER", "ɝ": "ER", "ɤ": "AH"},
    **{"y": "UW", "ʏ": "UH", "ø": "ER", "œ": "ER", "ɯ": "UW", "ɵ": "UH", "eɪ": "EY", "aɪ": "AY", "ɔɪ": "OY"},
    **{"aʊ": "AW", "əʊ": "OW", "oʊ": "OW", "eː": "EY", "ɛː": "EH", "əl": "AH L", "ɪə": "IY AH", "eə": "EH AH"},
    **{"ʊə": "UH AH", "ɑ̃": "AA N", "ɛ̃": "AE N", "ɔ̃": "AO N", "œ̃": "AH N"},
    **{"p": "P", "b": "B", "t": "T", "d": "D", "k": "K", "g": "G", "ɡ": "G", "q": "K", "c": "K", "ɟ": "JH"},
    **{"tʃ": "CH", "dʒ": "JH", "f": "F", "v": "V", "θ": "TH", "ð": "DH", "s": "S", "z": "Z", "ʃ": "SH", "ʒ": "ZH"},
    **{"ɕ": "SH", "ʑ": "ZH", "ʂ": "SH", "ʐ": "ZH", "h": "HH", "ɦ": "HH", "x": "HH", "χ": "HH", "ħ": "HH"},
    **{"ç": "HH", "ɣ": "G", "β": "V", "ɸ": "F", "ʋ": "V", "m": "M", "n": "N", "ŋ": "NG", "ɲ": "N Y", "ɳ": "N"},
    **{"l": "L", "ɫ": "L", "ɬ": "SH L", "ʎ": "L Y", "ɭ": "L", "r": "R", "ɹ": "R", "ʁ": "R", "ʀ": "R", "ɾ": "D"},
    **{"ɽ": "D", "j": "Y", "w": "W", "ʍ": "W", "ɥ": "Y"},
}
_LONGEST = max(map(len, _ARPABET))


def arpabet(ipa: str) -> str:
    """Phonemes of the IPA as ARPABET's, with spaces between; signs that stand for no sound are passed over."""
    found = []
    at = 0
    while at < len(ipa):
        for length in range(_LONGEST, 0, -1):
            phones = _ARPABET.get(ipa[at : at + length])
            if phones is not None:
                found.append(phones)
                at += length
                break
        else:
            at += 1
    return " ".join(found)


def phonemes(words: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """The IPA of words, each given with its language; without those that espeak-ng cannot say.

    In a process of its own, as espeak-ng is not to be trusted within ours.
    """
    # Not in the program that this file is, too.
    from publisher.holding.children import MEGABYTE, Bounds, TooLongError, TooMuchError, run  # noqa: PLC0415
    from publisher.holding.confining import View  # noqa: PLC0415

    wanted = sorted(set(words))
    if not wanted:
        return {}
    command = [sys.executable, __file__, espeakng_loader.get_library_path(), espeakng_loader.get_data_path()]
    request = json.dumps(wanted).encode()
    try:
        done = run(command, request, Bounds(_LIMIT, memory=1024 * MEGABYTE), View())
        found: list[str] = json.loads(done.output) if done.status == 0 else []
        if len(found) != len(wanted):
            return {}
    except (TooLongError, TooMuchError, OSError, ValueError):
        # Without them these words are left out, and counted: an opinion on the rest is still one.
        return {}
    return {word: ipa for word, ipa in zip(wanted, found, strict=True) if ipa}


def _tell(library: str, data: str) -> None:
    """The IPA of every word on standard input, as lists of JSON. speak_lib.h of espeak-ng 1.52."""
    lib = ctypes.CDLL(library)
    lib.espeak_TextToPhonemes.restype = ctypes.c_char_p
    lib.espeak_TextToPhonemes.argtypes = [ctypes.POINTER(ctypes.c_char_p), ctypes.c_int, ctypes.c_int]
    lib.espeak_Initialize(2, 0, data.encode(), 0x8000)
    told = []
    for word, lang in json.load(sys.stdin):
        voices = ("en",) if lang.lower().startswith("en") else (lang.lower(), lang.lower().partition("-")[0])
        if all(lib.espeak_SetVoiceByName(voice.encode()) != 0 for voice in voices):
            told.append("")
            continue
        text = ctypes.c_char_p(word.encode())
        pieces = []
        while text.value is not None:
            pieces.append((lib.espeak_TextToPhonemes(ctypes.byref(text), 1, 2) or b"").decode())
        told.append(" ".join(pieces))
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    _tell(sys.argv[1], sys.argv[2])
