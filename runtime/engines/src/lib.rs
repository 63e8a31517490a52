//! The drivers of Direct and Build, generic over a Language
