//! Values, object headers, layouts, the collector contract and its two write barriers
