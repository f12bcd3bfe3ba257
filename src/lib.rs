//! A till for shops that also sell on the web, and the central system it keeps in step.
//!
//! Two programs come out of this one package: `till`, the terminal at the counter, and `central`, the server that head
//! office, websites and marketplaces talk to. `till demo` puts a whole shop on one machine.
//!
//! # The idea in four sentences
//!
//! 1. **The journal is the book of record.** Everything that happens at a till is one append-only, numbered,
//!    hash-chained, signed entry in one SQLite file; stock, drawer totals and receipts are projections of it, written in
//!    the same transaction.
//! 2. **One writer.** All that happens in the till passes through one queue into one thread, the [`register`]; window,
//!    scanner, printer and sync are its clients and can neither block it nor write the file behind its back.
//! 3. **Sync is copying the journal up and a feed down.** Central takes each entry exactly once, by its id, for ever;
//!    what the till needs to know comes as a feed with a cursor. No level is ever overwritten by either side.
//! 4. **Decisions are pure.** Rules live in [`domain`], which does no I/O, reads no clock and draws no random number.
//!
//! ```text
//!  scanner ──┐                                ┌──> print spool ──> printer, drawer
//!  keyboard ─┼──> intents ──> REGISTER ───────┼──> snapshot ──> window (a pure view of it)
//!  feed ─────┘    (one        one thread      └──> SQLite: journal + projections + cache
//!    ▲            queue)      decide → commit → tell                  │ tail
//!    │                                                                ▼
//!    └────────────── sync: watch ◄── gRPC ── central ◄── gRPC ─── push
//!                                        │
//!    websites, marketplaces ── XML ──> intake
//! ```
//!
//! # The rooms, in reading order
//!
//! | room | what it is for | may use |
//! |---|---|---|
//! | [`domain`] | the shop's rules and words | nothing of ours |
//! | [`wire`] | protobuf, and the conversions to and from domain | `domain` |
//! | `database` | the till's SQLite file | `domain`, `wire` |
//! | `register` | the engine: intents in, entries committed, effects and snapshots out | `domain`, `database` |
//! | `devices` | scanner, printer, drawer, and their simulated twins | `domain` |
//! | `sync` | the till's side of gRPC | `domain`, `wire`, `database` |
//! | `gui` | the window: a pure view of the snapshot | `domain`, `register` |
//! | `terminal` | a till put together: settings, register, devices, sync | everything but `central`, `demo` |
//! | [`central`] | the server: store, intake, services | `domain`, `wire` |
//! | `demo` | the sample shop and the script that plays it | everything |
//!
//! A test reads the `use` lines and fails when an arrow runs the wrong way.
//!
//! # Walkthrough: a sale made offline, until it is in central's ledger
//!
//! The scanner's thread frames bytes into a scan and queues it. The register parses the code, finds the product in the
//! file, adds a line, judges the product against web orders from local data, saves the draft and publishes a snapshot:
//! the line is on screen. *Pay*, *Exact*: `register::payment` makes the `Sale`, and one transaction with
//! `synchronous=FULL` holds the entry, its movements, the session's totals, the receipt to print, and the draft's end.
//! Only then do effects go out: the drawer opens, the receipt prints block by block, each confirmed by the printer.
//! Central is away: the entry stays above the acknowledged mark, and the status pill says so. When central is back, the
//! sync engine says hello, learns central's mark for this run, and pushes from there. Central checks hash and signature,
//! takes the entry by its id, folds its movements into the store's ledger, commits, answers. The feed brings the new
//! figure down together with the mark of what it contains, so that the till never counts its own sale twice. The thousands of
//! figures that a week without central brings come into the file in slices, and each says which marks it goes with
//! (`database::contained`): a scan waits for one slice, and every level is right between two.
//!
//! # Walkthrough: a web order arrives while its product lies in a basket
//!
//! A website calls `SubmitOrder` with a UBL order. Intake reads it in one pass, validates it, allocates our number, and
//! one commit reserves its units and numbers the change in the store's feed. The watch stream of every till of the store
//! wakes, reads from its cursor and sends the order with a checkpoint. The register applies the batch in one transaction
//! and judges every product of the open basket again: the line turns red, the card comes up, the tone sounds once. The
//! cashier presses 2: one entry says what was decided and on which facts; when the sale completes, central puts the order
//! at risk and opens the conflict case.
//!
//! # Walkthrough: a pick-up
//!
//! F2, the order, *Pick*: each scan picks one unit or is refused. *Ready* asks for the bay and prints the slip; held
//! goes up, promised goes down, free stays. The customer shows a code: a scan on any screen opens the order, and nobody
//! asks for it again; *Hand over* records who collected and how they were recognised, and a movement takes the unit out
//! of the books. A paid order is never charged; one to be paid becomes lines of a sale at the order's own prices.
//!
//! # Walkthrough: one from another store
//!
//! The card is answered with *Find another*, which asks for whom: the line leaves the basket, and one entry asks
//! Station Road for one. From then on the card offers one less there, before central says so and after. When it reaches
//! central, one commit makes an order of the giving store from it, numbered `T-…`: promised there at once, no longer
//! free for websites, guarded by the same conflict card, picked and made ready in the same queue. Every step of that
//! order moves the [`domain::transfer::Transfer`] that both stores see. *Sent* takes the unit out of the giving store's
//! books; the asking store takes it in when it has come. With none free by then, or none to be found, its task says so.
//! The request names the order or the customer it is for, has a slip, and is withdrawn as long as nobody there has set
//! it aside. Without central it is *to be asked*, until central has heard of it; and what one till has set aside
//! another sends only when somebody has looked.
//!
//! # Walkthrough: an order that was sold short
//!
//! The case is a task at every till of its store: whose order, what is missing, by when somebody must decide, and the store
//! central would ask. *It is here* and *ask that store* are entries, so that either holds at once, offline too. Central takes
//! the first decision it hears: a unit that was found closes the case; a proposal becomes a promise in the other store, as
//! above, and the order is safe. Had that store none by then, or does it not find it, the case is open again. Who decided
//! later is told, and nothing is promised twice.
//! Had the order its last unit picked after all, the order that lacks it now has the case: by one rule, at central and at
//! every till, [`domain::conflict::plan_passing`].
//!
//! # Walkthrough: a shelf is counted
//!
//! A unit was sold, or picked, that the books did not have: F6 has a task to count it. Until then the
//! stock screen and the search tell no figure of it but to a supervisor. Enter opens the count, blind: the
//! screen names what lies in bays and baskets, and not what the books say. So does Enter on F3, for what is marked there, or for
//! one product after the other as they are scanned; no scan throws away what is typed of a count. When something moves
//! meanwhile, it is asked about once more. A figure that the books do not say stands in the journal at once; it is counted
//! again, or stands. Then only is it said on which side it is, with the reasons of that side, and it is counted no more. A
//! large difference wants a supervisor, who agrees to what they have seen: the PIN shows them what was counted, what the books
//! say and why (`CountSeen` in the journal), and then they agree or have it counted again. By how much it is off, is told to
//! whoever counted when `register::counting` has written the one entry that books it, and the task is over here; F6 goes on with
//! the next. A drawer is counted the same way, and its Z names who counted, who agreed, and each figure. Central books the
//! difference to what its own books say of that moment: sales of other tills from before the count that it hears of later are
//! not counted twice, and what was sold or put aside after it and is heard of first is no surplus. Its new figure says when it
//! was counted, and the task is over at the other tills too; a conflict case whose unit was there after all closes.
//! What came first is told in central's time: with each push a till says what its clock shows and what it takes central's for,
//! and [`domain::till_clock`] makes of it when each entry happened. A till whose clock is an hour off miscounts no shelf; people
//! read the times it wrote.
//!
//! # Walkthrough: an order nobody collects
//!
//! Central sleeps until the next collect-by, and lapses the order: once, by its own clock. A till shows it as lapsed by the
//! till's clock before it hears so, and writes nothing about it. The goods stay held, and can still be handed over, until
//! somebody puts them back. So do those of an order that is cancelled, which nobody can collect: the task says where they lie.
//!
//! # Walkthrough: the printer runs out of paper in mid-receipt
//!
//! Every block of a receipt ends with a status request whose answer confirms it. Paper out: the printer goes offline and
//! keeps the rest; the job is *held*, the status bar says what to do, selling goes on. Paper is loaded: the printer
//! finishes by itself and the last answer makes the job *printed*. Only when the printer has proven to have forgotten
//! (power cut, cable) is the job *partial*, and a person decides about a copy, which says that it is one.

pub mod central;
#[cfg(feature = "terminal")]
pub mod database;
#[cfg(feature = "gui")]
pub mod demo;
#[cfg(feature = "terminal")]
pub mod devices;
pub mod domain;
#[cfg(feature = "gui")]
pub mod gui;
#[cfg(feature = "terminal")]
pub mod register;
#[cfg(feature = "terminal")]
pub mod sync;
#[cfg(feature = "terminal")]
pub mod terminal;
pub mod wire;
