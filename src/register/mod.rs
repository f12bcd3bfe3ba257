//! The engine: intents in, entries committed, effects and snapshots out.
