"""What the opening says where a person reads: who, and that a voice reads the rest."""

from __future__ import annotations

from publisher.model.narration import Voice
from publisher.model.publication import Publication
from publisher.narration.phrases import phrases_for
from publisher.narration.voices import spoken_name

_READ = {
    "en": "This recording is read by {readers}. What was not recorded, such as the announcements, is read by a "
    "synthetic voice, {voice}.",
    "fr": "Cet enregistrement est lu par {readers}. Ce qui n’a pas été enregistré, comme les annonces, est lu par une "
    "voix de synthèse, {voice}.",
    "de": "Diese Aufnahme liest {readers}. Was nicht aufgenommen wurde, wie die Ansagen, liest eine künstliche Stimme, "
    "{voice}.",
    "cy": "{readers} sy’n darllen y recordiad hwn. Llais synthetig, {voice}, sy’n darllen yr hyn na chafodd ei "
    "recordio, fel y cyhoeddiadau.",
    "ar": "يقرأ هذا التسجيل {readers}. وما لم يُسجَّل، مثل الإعلانات، يقرأه صوت اصطناعي، {voice}.",
    "zh": "本录音由{readers}朗读。未录制的部分，例如提示语，由合成语音朗读，{voice}。",
}
_PARTLY = {
    "en": "Parts of this recording are read by {readers}, the rest by a synthetic voice, {voice}.",
    "fr": "Des parties de cet enregistrement sont lues par {readers}, le reste par une voix de synthèse, {voice}.",
    "de": "Teile dieser Aufnahme liest {readers}, das Übrige eine künstliche Stimme, {voice}.",
    "cy": "{readers} sy’n darllen rhannau o’r recordiad hwn, a llais synthetig, {voice}, sy’n darllen y gweddill.",
    "ar": "يقرأ أجزاءً من هذا التسجيل {readers}، ويقرأ الباقي صوت اصطناعي، {voice}.",
    "zh": "本录音的部分内容由{readers}朗读，其余由合成语音朗读，{voice}。",
}
_SOMEBODY = {
    "en": "a person",
    "fr": "une personne",
    "de": "ein Mensch",
    "cy": "Person",
    "ar": "شخص",
    "zh": "真人",
}


def voice_told(voice: Voice, lang: str) -> str:
    """The sentence of the opening that says who reads: a voice, or people and a voice."""
    phrases = phrases_for(lang)
    if not voice.readers:
        return phrases.voice.format(voice=spoken_name(voice))
    form = (_PARTLY if voice.partly else _READ)[_primary(phrases.lang)]
    return form.format(readers=_named(voice, lang), voice=spoken_name(voice))


def narrated_by(voice: Voice, synthetic: str, lang: str) -> str:
    """Who reads, for a file's metadata; `synthetic` is how the format names the voice."""
    return f"{_named(voice, lang)}; {synthetic}" if voice.readers else synthetic


def _named(voice: Voice, lang: str) -> str:
    phrases = phrases_for(lang)
    return phrases.joined([name or _SOMEBODY[_primary(phrases.lang)] for name in voice.readers])


def _primary(lang: str) -> str:
    return lang.partition("-")[0]


def reader_words(publication: Publication) -> tuple[str, ...]:
    """The words that name the readers of a publication."""
    if not publication.recordings:
        return ()
    phrases = phrases_for(publication.metadata.lang)
    names = (phrases.name(one.reader) or _SOMEBODY[_primary(phrases.lang)] for one in publication.recordings)
    return (*dict.fromkeys(names), phrases.joiner)
