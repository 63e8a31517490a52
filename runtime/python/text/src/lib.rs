//! The text algorithms of `str` and `bytes` on plain code units: search, case, formatting mini-languages, codecs.
