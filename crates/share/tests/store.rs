//! Saved scenes, in a storage that is as full and as forgetful as a browser's.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use share::scene::Prompt;
use share::store::{Memory, SavedScenes, Storage, StoreError};
use share::{MAX_SCENES, Scene, Shared, file};

fn scene(text: &str) -> Scene {
    Scene { prompt: Prompt::new(text), ..Scene::default() }
}

fn names<S: Storage>(saved: &SavedScenes<S>) -> Vec<String> {
    saved.list().unwrap().scenes.into_iter().map(|saved| saved.name).collect()
}

#[test]
fn scenes_are_saved_renamed_copied_and_deleted() {
    let mut saved = SavedScenes::new(Memory::default());
    assert_eq!(saved.list(), Ok(share::store::Listing::default()));
    let bees = saved.save(" Bees ", &scene("bees"), 1000).unwrap();
    let sky = saved.save("天空", &scene("the sky is"), 2000).unwrap();
    assert_eq!(names(&saved), ["天空", "Bees"]);
    assert_eq!(saved.get(bees).unwrap().scene, scene("bees"));

    saved.rename(bees, "Bees 9").unwrap();
    let copy = saved.duplicate(bees, 3000).unwrap();
    let second = saved.duplicate(sky, 3001).unwrap();
    let third = saved.duplicate(sky, 3002).unwrap();
    assert_eq!(names(&saved), ["天空 3", "天空 2", "Bees 2", "天空", "Bees 9"]);
    assert_eq!(saved.get(third).unwrap().scene, scene("the sky is"));

    saved.update(copy, &scene("more bees"), 4000).unwrap();
    assert_eq!(saved.get(copy).unwrap().scene, scene("more bees"));
    assert_eq!(saved.get(bees).unwrap().scene, scene("bees"), "the original stays");
    for id in [sky, second, third] {
        saved.delete(id).unwrap();
    }
    assert_eq!(names(&saved), ["Bees 2", "Bees 9"]);
    assert_eq!(saved.get(sky), Err(StoreError::Missing { id: sky }));
    assert_eq!(saved.rename(sky, "x"), Err(StoreError::Missing { id: sky }));
}

#[test]
fn scenes_saved_in_the_same_millisecond_are_two() {
    let mut saved = SavedScenes::new(Memory::default());
    let ids = [1, 2, 3].map(|_| saved.save("a", &scene("x"), 5).unwrap());
    assert_eq!(ids, [5, 6, 7]);
}

#[test]
fn names_are_one_line() {
    let mut saved = SavedScenes::new(Memory::default());
    for name in ["", "  ", "a\nb", "x".repeat(121).as_str()] {
        assert_eq!(saved.save(name, &scene(""), 1), Err(StoreError::Name { max: 120 }), "{name:?}");
    }
    let long = "名".repeat(120);
    let id = saved.save(&long, &scene(""), 1).unwrap();
    let copy = saved.duplicate(id, 2).unwrap();
    assert!(saved.get(copy).unwrap().name.ends_with("名 2"));
}

#[test]
fn what_does_not_open_is_left_alone() {
    let mut memory = Memory::default();
    let future = r#"{"glassbox": 9, "scenes": []}"#;
    memory.set("glassbox.scene.7", future).unwrap();
    memory.set("glassbox.scene.8", "junk").unwrap();
    memory.set("glassbox.scene.x", "not ours").unwrap();
    memory.set("glassbox.preferences", "{}").unwrap();
    let mut saved = SavedScenes::new(memory.clone());
    let listing = saved.list().unwrap();
    assert_eq!((listing.scenes.len(), listing.unreadable), (0, vec![7, 8]));
    assert_eq!(saved.save("new", &scene("x"), 1), Ok(9));
    assert_eq!(memory.get("glassbox.scene.7"), Ok(Some(future.to_owned())));
}

#[test]
fn a_full_browser_says_so_and_loses_nothing() {
    let mut saved = SavedScenes::new(Memory::with_room(1000));
    let first = saved.save("first", &scene("x"), 1).unwrap();
    let large = scene(&"x".repeat(2000));
    assert_eq!(saved.save("large", &large, 2), Err(StoreError::Full));
    assert_eq!(saved.update(first, &large, 2), Err(StoreError::Full));
    assert_eq!(saved.get(first).unwrap().scene, scene("x"));
}

#[test]
fn no_more_than_so_many_are_kept() {
    let mut saved = SavedScenes::new(Memory::default());
    for n in 0..MAX_SCENES {
        saved.save(&format!("scene {n}"), &scene(""), 1).unwrap();
    }
    assert_eq!(saved.save("x", &scene(""), 1), Err(StoreError::TooMany { max: MAX_SCENES }));
}

#[test]
fn all_scenes_travel_in_a_file() {
    let mut here = SavedScenes::new(Memory::default());
    assert_eq!(here.export(), Ok(None));
    for (name, text) in [("Bees", "bees"), ("天空", "the sky is"), ("Bees", "other bees")] {
        here.save(name, &scene(text), 10).unwrap();
    }
    let text = file::write(&here.export().unwrap().unwrap()).unwrap();

    let mut there = SavedScenes::new(Memory::default());
    there.save("Bees", &scene("bees"), 1).unwrap();
    let shared = file::open(&text).unwrap();
    assert_eq!(there.import(&shared, "?", 99), Ok(2), "one was there already");
    assert_eq!(there.import(&shared, "?", 99), Ok(0));
    assert_eq!(names(&there), ["Bees", "天空", "Bees"]);

    let single = Shared::from(scene("alone"));
    assert_eq!(there.import(&single, "alone.glassbox", 99), Ok(1));
    assert_eq!(names(&there)[0], "alone.glassbox");
}

#[test]
fn an_import_that_fails_leaves_nothing_behind() {
    let mut here = SavedScenes::new(Memory::default());
    here.save("small", &scene("x"), 1).unwrap();
    here.save("large", &scene(&"x".repeat(5000)), 2).unwrap();
    let shared = here.export().unwrap().unwrap();
    let mut full = SavedScenes::new(Memory::with_room(2000));
    assert_eq!(full.import(&shared, "?", 9), Err(StoreError::Full));
    assert_eq!(names(&full), Vec::<String>::new());
}
