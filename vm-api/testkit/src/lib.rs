//! A mock VM, a conformance suite for collectors and one for backends
