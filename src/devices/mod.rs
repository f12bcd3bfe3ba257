//! What hangs on the till's serial lines.
