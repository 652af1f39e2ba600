use super::*;
use share::store::Memory;

/// A tab whose run has written this.
fn begun(storage: &mut Memory, text: &str, now: u64) -> Keeper {
    let mut keeper = Keeper::default();
    keeper.begin(storage, "", now).expect("it keeps");
    keeper.append(storage, text, String::new, now).expect("there is room");
    keeper
}

fn found(storage: &Memory) -> Option<String> {
    Keeper::find(storage).map(|(_, log)| log)
}

fn log_of(storage: &Memory, run: u64) -> Option<String> {
    read(storage, &pieces(storage).expect("it keeps"), run)
}

/// The text of a run that has no business being written whole.
fn never() -> String {
    panic!("its log is there")
}

#[test]
fn a_log_is_written_piece_by_piece_and_read_whole() {
    let mut storage = Memory::default();
    storage.set("glassbox.votes", "{}").expect("there is room");
    let mut keeper = Keeper::default();
    keeper.begin(&mut storage, "", 1).expect("it keeps");
    assert_eq!(found(&storage), None);
    let mut whole = String::new();
    for number in 0..12 {
        let piece = format!("{{\"line\":{number}}}\n");
        keeper.append(&mut storage, &piece, never, 2).expect("there is room");
        whole += &piece;
    }
    assert_eq!(found(&storage), Some(whole), "ten comes after nine");
    keeper.forget(&mut storage).expect("it keeps");
    assert_eq!(found(&storage), None);
    assert!(storage.get("glassbox.votes").expect("it keeps").is_some(), "others' stay");
}

#[test]
fn after_a_reload_the_run_moves_into_a_log_of_its_own() {
    let mut storage = Memory::default();
    begun(&mut storage, "a\n", 5);
    let (mut keeper, log) = Keeper::find(&storage).expect("it is kept");
    assert_eq!(log, "a\n");
    keeper.append(&mut storage, "b\n", || "a\nb\n".into(), 9).expect("there is room");
    keeper.append(&mut storage, "c\n", never, 10).expect("there is room");
    assert_eq!(log_of(&storage, 5), None, "nobody needs it any more");
    assert_eq!(log_of(&storage, 9).as_deref(), Some("a\nb\nc\n"));
}

#[test]
fn two_tabs_do_not_write_into_one_log() {
    let mut storage = Memory::default();
    let mut first = begun(&mut storage, "a\n", 5);
    let (mut second, _) = Keeper::find(&storage).expect("it is kept");
    // The first one has gone on when the second one does.
    first.append(&mut storage, "b\n", never, 6).expect("there is room");
    second.append(&mut storage, "x\n", || "a\nx\n".into(), 7).expect("there is room");
    first.append(&mut storage, "c\n", never, 8).expect("there is room");
    assert_eq!(log_of(&storage, 5).as_deref(), Some("a\nb\nc\n"));
    assert_eq!(log_of(&storage, 7).as_deref(), Some("a\nx\n"));
    assert_eq!(found(&storage).as_deref(), Some("a\nx\n"), "the latest");

    // The first one has not: its log is taken for an old one, and comes back with the next batch.
    let (mut third, _) = Keeper::find(&storage).expect("it is kept");
    third.append(&mut storage, "y\n", || "a\nx\ny\n".into(), 9).expect("there is room");
    assert_eq!(log_of(&storage, 7), None);
    second.append(&mut storage, "z\n", || "a\nx\nz\n".into(), 10).expect("there is room");
    second.append(&mut storage, "w\n", never, 11).expect("there is room");
    assert_eq!(log_of(&storage, 7).as_deref(), Some("a\nx\nz\nw\n"));
    assert_eq!(log_of(&storage, 9).as_deref(), Some("a\nx\ny\n"));
}

#[test]
fn runs_that_begin_at_once_are_told_apart() {
    let mut storage = Memory::default();
    begun(&mut storage, "a\n", 5);
    begun(&mut storage, "b\n", 5);
    begun(&mut storage, "c\n", 3);
    assert_eq!(found(&storage).as_deref(), Some("c\n"), "a clock that goes wrong");
    assert_eq!(runs(&pieces(&storage).expect("it keeps")), [5, 6, 7]);
}

#[test]
fn a_run_that_begins_takes_the_place_of_the_one_on_the_page() {
    let mut storage = Memory::default();
    let mut keeper = begun(&mut storage, "a\n", 5);
    keeper.begin(&mut storage, "b\n", 6).expect("there is room");
    assert_eq!((log_of(&storage, 5), log_of(&storage, 6)), (None, Some("b\n".into())));
    // Removed from the page of a second tab, while the first one writes it.
    let (mut second, _) = Keeper::find(&storage).expect("it is kept");
    keeper.append(&mut storage, "c\n", never, 7).expect("there is room");
    second.forget(&mut storage).expect("it keeps");
    assert_eq!(found(&storage).as_deref(), Some("b\nc\n"));
    let (mut third, _) = Keeper::find(&storage).expect("it is kept");
    third.forget(&mut storage).expect("it keeps");
    assert_eq!(found(&storage), None);
}

#[test]
fn logs_of_earlier_versions_are_found_and_replaced() {
    let mut storage = Memory::default();
    for (number, piece) in ["a\n", "b\n"].into_iter().enumerate() {
        storage.set(&format!("{PREFIX}{number}"), piece).expect("there is room");
    }
    let (mut keeper, log) = Keeper::find(&storage).expect("it is kept");
    assert_eq!(log, "a\nb\n");
    keeper.append(&mut storage, "c\n", || "a\nb\nc\n".into(), 9).expect("there is room");
    assert_eq!(storage.keys().expect("it keeps"), [key(9, 0)]);
    assert_eq!(found(&storage).as_deref(), Some("a\nb\nc\n"));
}

#[test]
fn a_full_storage_says_so_and_keeps_what_it_has() {
    let mut storage = Memory::with_room(60);
    let mut keeper = begun(&mut storage, "one\n", 5);
    let long = "x".repeat(60);
    assert_eq!(keeper.append(&mut storage, &long, never, 6), Err(StoreError::Full));
    assert_eq!(found(&storage).as_deref(), Some("one\n"));
    // A run that begins takes the room of older ones.
    begun(&mut storage, &"y".repeat(30), 7);
    assert_eq!(found(&storage), Some("y".repeat(30)));
    assert_eq!(log_of(&storage, 5), None);
}

#[test]
fn tabs_that_were_closed_do_not_fill_the_storage() {
    let mut storage = Memory::default();
    for now in 1..=9 {
        begun(&mut storage, "a\n", now);
    }
    assert_eq!(runs(&pieces(&storage).expect("it keeps")), [6, 7, 8, 9]);
}

#[test]
fn a_gap_ends_the_log() {
    let mut storage = Memory::default();
    let mut keeper = begun(&mut storage, "a\n", 5);
    for piece in ["b\n", "c\n"] {
        keeper.append(&mut storage, piece, never, 6).expect("there is room");
    }
    storage.remove(&key(5, 1)).expect("it keeps");
    assert_eq!(found(&storage).as_deref(), Some("a\n"));
    // A log without its beginning is none; an older one is.
    storage.set(&key(7, 1), "d\n").expect("there is room");
    assert_eq!(found(&storage).as_deref(), Some("a\n"));
}
