//! Pages, one file each: what they ask, and how they show it.

pub mod apply;
pub mod artifacts;
pub mod component;
pub mod definition;
pub mod delete;
pub mod environments;
pub mod events;
pub mod history;
pub mod home;
pub mod logs;
pub mod planes;
pub mod problem;
pub mod project;
pub mod project_form;
pub mod projects;
pub mod release;
pub mod releases;
pub mod resource;
pub mod resource_compare;
pub mod resource_yaml;
pub mod resources;
pub mod runtime;
pub mod sign_in;
pub mod tabs;
pub mod waiting;
