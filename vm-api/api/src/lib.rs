//! One name for every contract a component plugs in behind
