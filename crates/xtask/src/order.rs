//! Which of a module's functions stand next to each other.
//!
//! A compiler makes many functions of one generic: they differ in the functions they call and the offsets they read.
//! Where they stand side by side, a compressor says of each only how it differs from the one before. wasm-bindgen
//! leaves functions sorted by length, which scatters them.

use std::ops::RangeInclusive;

use anyhow::{Context, Result};
use wasm_encoder::{NameMap, NameSection, Section};
use wasmparser::{FunctionBody, Parser, Payload, TypeRef};

/// Adds a section that names each function of a module so that functions of the same shape are neighbours when sorted
/// by name, which is what wasm-opt's `--reorder-functions-by-name` does.
///
/// # Errors
/// If the module is not one.
pub(crate) fn name_by_shape(module: &[u8]) -> Result<Vec<u8>> {
    let (mut imported, mut shapes) = (0, Vec::new());
    for payload in Parser::new(0).parse_all(module) {
        match payload.context("the module cannot be read")? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => shapes.push((shape(module, &body)?, body)),
            _ => {}
        }
    }
    let mut order: Vec<usize> = (0..shapes.len()).collect();
    order.sort_by_key(|&function| {
        let (shape, body) = &shapes[function];
        (shape, body.as_bytes())
    });
    let mut ranks = vec![0; order.len()];
    for (rank, function) in order.into_iter().enumerate() {
        ranks[function] = rank;
    }
    let mut names = NameMap::new();
    for (index, rank) in (imported..).zip(ranks) {
        names.append(index, &format!("{rank:08}"));
    }
    let mut section = NameSection::new();
    section.functions(&names);
    let mut named = module.to_vec();
    section.append_to(&mut named);
    Ok(named)
}

/// What generics keep from one type to the next: the declarations of local variables, the instructions, and which
/// variables and blocks these mean; not what is called, read or counted.
fn shape(module: &[u8], body: &FunctionBody<'_>) -> Result<Vec<u8>> {
    /// Opcodes after which the first byte of what follows belongs to the shape: blocks, branches, variables, and the
    /// second halves of long opcodes.
    const TWO: [RangeInclusive<u8>; 4] = [0x02..=0x04, 0x0c..=0x0d, 0x20..=0x24, 0xfc..=0xfd];
    let operators = body.get_operators_reader()?;
    let start = operators.original_position();
    let mut shape = module[body.range().start..start].to_vec();
    for operator in operators.into_iter_with_offsets() {
        let (_, at) = operator?;
        let bytes = 1 + usize::from(TWO.iter().any(|opcodes| opcodes.contains(&module[at])));
        shape.extend(&module[at..at + bytes]);
    }
    Ok(shape)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{CodeSection, Function, FunctionSection, Module, TypeSection, ValType};

    /// A module whose functions each read a variable and leave it, or a constant in its place.
    fn module(constants: &[Option<i32>]) -> Vec<u8> {
        let (mut types, mut functions, mut code) =
            (TypeSection::new(), FunctionSection::new(), CodeSection::new());
        types.ty().function([ValType::I32], [ValType::I32]);
        for constant in constants {
            functions.function(0);
            let mut function = Function::new([]);
            match constant {
                Some(value) => function.instructions().i32_const(*value).end(),
                None => function.instructions().local_get(0).end(),
            };
            code.function(&function);
        }
        let mut module = Module::new();
        module.section(&types).section(&functions).section(&code);
        module.finish()
    }

    fn names(module: &[u8]) -> Vec<String> {
        let mut names = Vec::new();
        for payload in Parser::new(0).parse_all(module) {
            let Payload::CustomSection(section) = payload.unwrap() else { continue };
            let wasmparser::KnownCustom::Name(section) = section.as_known() else { continue };
            for part in section {
                let wasmparser::Name::Function(map) = part.unwrap() else { continue };
                names.extend(map.into_iter().map(|name| name.unwrap().name.to_owned()));
            }
        }
        names
    }

    #[test]
    fn functions_of_one_shape_become_neighbours() {
        let named = name_by_shape(&module(&[Some(7), None, Some(70_000)])).unwrap();
        assert_eq!(names(&named), ["00000001", "00000000", "00000002"].map(str::to_owned));
    }

    #[test]
    fn what_is_no_module_is_refused() {
        assert!(name_by_shape(b"").is_err() && name_by_shape(b"\0asm\x01\0\0\0\x0a").is_err());
    }
}
