//! Versions of what links and files hold. Whoever changes the meaning of anything that was ever written adds a
//! version, a migration from the one before, and a golden link of it to the tests: old links open for ever.

use serde_json::Value;

use crate::{ShareError, Shared};

/// The version that is written.
pub const VERSION: u32 = 1;

/// Turns what version n + 1 held into what version n + 2 holds; n is the place in the list.
type Migration = fn(Value) -> Result<Value, ShareError>;

/// One for every version but the latest. There has been one version so far.
const MIGRATIONS: [Migration; VERSION as usize - 1] = [];

/// The fields that hold lists.
const LISTS: [&str; 12] = [
    "chosen",
    "columns",
    "languages",
    "parts",
    "plan",
    "scenes",
    "spans",
    "speakers",
    "stages",
    "switches",
    "techniques",
    "turns",
];

/// Reads what a version wrote.
pub(crate) fn read(version: u32, json: &str) -> Result<Shared, ShareError> {
    let unreadable = |error: serde_json::Error| ShareError::Unreadable(error.to_string());
    let value = migrate(&MIGRATIONS, version, serde_json::from_str(json).map_err(unreadable)?)?;
    // Serde reads a list as the fields of an object in their order, and what is missing as its default.
    if let Some(field) = stray_list(&value, "the whole") {
        return Err(ShareError::Unreadable(format!("a list in place of {field}")));
    }
    // What needs no migration is read from its own text: fields that stand there twice are refused.
    let migrated = (version != VERSION).then(|| value.to_string());
    let shared: Shared =
        serde_json::from_str(migrated.as_deref().unwrap_or(json)).map_err(unreadable)?;
    shared.checked()
}

/// The field with a list where none belongs.
fn stray_list<'a>(value: &'a Value, field: &'a str) -> Option<&'a str> {
    match value {
        Value::Array(_) if !LISTS.contains(&field) => Some(field),
        Value::Array(items) => items.iter().find_map(|item| stray_list(item, "an item")),
        Value::Object(fields) => fields.iter().find_map(|(name, value)| stray_list(value, name)),
        _ => None,
    }
}

fn migrate(steps: &[Migration], version: u32, value: Value) -> Result<Value, ShareError> {
    let known = steps.len() as u32 + 1;
    if version > known {
        return Err(ShareError::FutureVersion { version, known });
    }
    // There is no version 0.
    let first = version.checked_sub(1).ok_or(ShareError::NoLink)?;
    steps[first as usize..].iter().try_fold(value, |value, step| step(value))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Two changes such as may come: a field with another name, then a unit.
    const STEPS: [Migration; 2] = [
        |mut value| {
            value["degrees"] = value["heat"].take();
            Ok(value)
        },
        |mut value| {
            let degrees = value["degrees"].as_f64().ok_or(ShareError::Damaged)?;
            value["degrees"] = json!(degrees + 273.0);
            Ok(value)
        },
    ];

    #[test]
    fn each_version_takes_the_steps_it_lacks() {
        let degrees =
            |version, value| migrate(&STEPS, version, value).map(|value| value["degrees"].as_f64());
        assert_eq!(degrees(1, json!({ "heat": 7 })), Ok(Some(280.0)));
        assert_eq!(degrees(2, json!({ "degrees": 7 })), Ok(Some(280.0)));
        assert_eq!(degrees(3, json!({ "degrees": 280 })), Ok(Some(280.0)));
        assert_eq!(degrees(1, json!({})), Err(ShareError::Damaged));
    }

    #[test]
    fn there_is_nothing_before_the_first_and_after_the_last_version() {
        let none = json!({});
        assert_eq!(migrate(&STEPS, 0, none.clone()), Err(ShareError::NoLink));
        let future = ShareError::FutureVersion { version: 4, known: 3 };
        assert_eq!(migrate(&STEPS, 4, none.clone()), Err(future));
        assert!(migrate(&STEPS, u32::MAX, none).is_err());
    }
}
