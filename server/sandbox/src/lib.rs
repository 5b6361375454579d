//! The sandbox: one layer a file, applied in a documented order; knows no scenario and no protocol.
