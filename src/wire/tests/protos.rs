//! The proto files themselves: every element says what it is, and names follow the style of `buf lint`.

use prost::Message;
use prost_types::{DescriptorProto, EnumDescriptorProto, FileDescriptorProto, FileDescriptorSet};

use crate::wire::DESCRIPTORS;

/// Field numbers of `google/protobuf/descriptor.proto`, of which a location's path is made.
mod tag {
    pub const FILE_MESSAGE: i32 = 4;
    pub const FILE_ENUM: i32 = 5;
    pub const FILE_SERVICE: i32 = 6;
    pub const MESSAGE_FIELD: i32 = 2;
    pub const MESSAGE_NESTED: i32 = 3;
    pub const MESSAGE_ENUM: i32 = 4;
    pub const MESSAGE_ONEOF: i32 = 8;
    pub const ENUM_VALUE: i32 = 2;
    pub const SERVICE_METHOD: i32 = 2;
}

/// The files of this house.
pub fn files() -> Vec<FileDescriptorProto> {
    let set = FileDescriptorSet::decode(DESCRIPTORS).unwrap();
    let ours: Vec<_> = set.file.into_iter().filter(|f| !f.name().starts_with("google/")).collect();
    assert!(ours.iter().any(|f| f.name() == "till/v1/sync.proto"), "the descriptors hold no files");
    ours
}

/// The field names of a oneof.
pub fn oneof_names(message: &str, oneof: &str) -> Vec<String> {
    let files = files();
    let message = files.iter().flat_map(|f| &f.message_type).find(|m| m.name() == message).unwrap();
    let index = message.oneof_decl.iter().position(|o| o.name() == oneof).unwrap() as i32;
    let fields = message.field.iter().filter(|f| f.oneof_index == Some(index));
    fields.map(|f| f.name().to_owned()).collect()
}

/// Collects what is wrong with one file.
struct Review<'a> {
    file: &'a FileDescriptorProto,
    faults: Vec<String>,
}

impl Review<'_> {
    fn fault(&mut self, element: &str, what: &str) {
        self.faults.push(format!("{}: {element} {what}", self.file.name()));
    }

    fn commented(&mut self, path: &[i32], element: &str) {
        let info = self.file.source_code_info.as_ref().unwrap();
        let location = info.location.iter().find(|l| l.path == path);
        if location.is_none_or(|l| l.leading_comments().trim().is_empty()) {
            self.fault(element, "has no comment above it");
        }
    }

    fn message(&mut self, message: &DescriptorProto, path: &[i32]) {
        let name = message.name();
        self.commented(path, name);
        for (i, field) in message.field.iter().enumerate() {
            let element = format!("{name}.{}", field.name());
            self.commented(&joined(path, tag::MESSAGE_FIELD, i), &element);
            if field.name() != field.name().to_lowercase() {
                self.fault(&element, "is not in lower_snake_case");
            }
        }
        for (i, oneof) in message.oneof_decl.iter().enumerate() {
            let synthetic = message.field.iter().any(|f| f.oneof_index == Some(i as i32) && f.proto3_optional());
            if !synthetic {
                self.commented(&joined(path, tag::MESSAGE_ONEOF, i), &format!("{name}.{}", oneof.name()));
            }
        }
        for (i, nested) in message.nested_type.iter().enumerate() {
            self.message(nested, &joined(path, tag::MESSAGE_NESTED, i));
        }
        for (i, nested) in message.enum_type.iter().enumerate() {
            self.enumeration(nested, &joined(path, tag::MESSAGE_ENUM, i));
        }
    }

    fn enumeration(&mut self, enumeration: &EnumDescriptorProto, path: &[i32]) {
        let name = enumeration.name();
        self.commented(path, name);
        let prefix = upper_snake(name);
        for (i, value) in enumeration.value.iter().enumerate() {
            let element = format!("{name}.{}", value.name());
            self.commented(&joined(path, tag::ENUM_VALUE, i), &element);
            if !value.name().starts_with(&format!("{prefix}_")) {
                self.fault(&element, "does not begin with its enum's name");
            }
            if value.number() == 0 && value.name() != format!("{prefix}_UNSPECIFIED") {
                self.fault(&element, "is zero and not _UNSPECIFIED");
            }
        }
    }

    fn services(&mut self) {
        for (i, service) in self.file.service.iter().enumerate() {
            let path = joined(&[], tag::FILE_SERVICE, i);
            self.commented(&path, service.name());
            if !service.name().ends_with("Service") {
                self.fault(service.name(), "does not end in Service");
            }
            for (j, method) in service.method.iter().enumerate() {
                let element = format!("{}.{}", service.name(), method.name());
                self.commented(&joined(&path, tag::SERVICE_METHOD, j), &element);
                let request = format!(".{}.{}Request", self.file.package(), method.name());
                let response = format!(".{}.{}Response", self.file.package(), method.name());
                if method.input_type() != request || method.output_type() != response {
                    self.fault(&element, "does not take and give messages named after it");
                }
            }
        }
    }
}

fn joined(path: &[i32], tag: i32, index: usize) -> Vec<i32> {
    path.iter().copied().chain([tag, index as i32]).collect()
}

/// `OrderState` → `ORDER_STATE`.
fn upper_snake(name: &str) -> String {
    let mut snake = String::new();
    for (i, c) in name.chars().enumerate() {
        if c.is_ascii_uppercase() && i > 0 {
            snake.push('_');
        }
        snake.push(c.to_ascii_uppercase());
    }
    snake
}

fn review(file: &FileDescriptorProto) -> Vec<String> {
    let mut review = Review { file, faults: Vec::new() };
    let folder = file.name().rsplit_once('/').map_or("", |(folder, _)| folder);
    if file.package() != folder.replace('/', ".") || !file.package().ends_with(".v1") {
        review.fault(file.package(), "is not the package of its folder, or has no version");
    }
    for (i, message) in file.message_type.iter().enumerate() {
        review.message(message, &joined(&[], tag::FILE_MESSAGE, i));
    }
    for (i, enumeration) in file.enum_type.iter().enumerate() {
        review.enumeration(enumeration, &joined(&[], tag::FILE_ENUM, i));
    }
    review.services();
    review.faults
}

#[test]
fn every_element_is_commented_and_named_in_style() {
    let faults: Vec<String> = files().iter().flat_map(review).collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn the_review_finds_what_it_looks_for() {
    let mut file = files().into_iter().find(|f| f.name() == "till/v1/values.proto").unwrap();
    for location in &mut file.source_code_info.as_mut().unwrap().location {
        if location.path == [tag::FILE_MESSAGE, 0, tag::MESSAGE_FIELD, 1] {
            location.leading_comments = None;
        }
    }
    file.enum_type[0].value[0].name = Some("UNIT_NONE".to_owned());
    assert_eq!(
        review(&file),
        [
            "till/v1/values.proto: Money.currency has no comment above it",
            "till/v1/values.proto: Unit.UNIT_NONE is zero and not _UNSPECIFIED",
        ]
    );
}
