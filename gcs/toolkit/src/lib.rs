//! What collectors share: blocks, side metadata, tracing loop, pinning, cards, verifier
