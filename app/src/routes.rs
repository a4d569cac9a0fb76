//! The table of pages: every address of the portal, drawn on the server and whole when sent.

use leptos::prelude::*;
use leptos_router::{
    SsrMode,
    components::{FlatRoutes, Route, Router},
    path,
};

use crate::pages::*;

/// The pages that need no session.
pub const PUBLIC: &[&str] = &["/sign-in", "/setup"];

/// All pages.
#[component]
pub fn App() -> impl IntoView {
    view! {
        <Router>
            <FlatRoutes fallback=problem::not_here>
                <Route path=path!("/sign-in") view=sign_in::sign_in ssr=SsrMode::Async/>
                <Route path=path!("/setup") view=sign_in::setup ssr=SsrMode::Async/>
                <Route path=path!("/") view=home::page ssr=SsrMode::Async/>
                <Route path=path!("/projects") view=projects::page ssr=SsrMode::Async/>
                <Route path=path!("/projects/new") view=project_form::new ssr=SsrMode::Async/>
                <Route path=path!("/projects/:project/edit") view=project_form::edit ssr=SsrMode::Async/>
                <Route path=path!("/projects/:project") view=project::page ssr=SsrMode::Async/>
                <Route path=path!("/projects/:project/components/new") view=component_form::new ssr=SsrMode::Async/>
                <Route path=path!("/projects/:project/components/:component/edit") view=component_form::edit ssr=SsrMode::Async/>
                <Route path=path!("/projects/:project/components/:component") view=component::page ssr=SsrMode::Async/>
                <Route path=path!("/projects/:project/components/:component/artifacts") view=artifacts::page ssr=SsrMode::Async/>
                <Route path=path!("/projects/:project/components/:component/releases") view=releases::page ssr=SsrMode::Async/>
                <Route path=path!("/projects/:project/components/:component/releases/:environment/:number") view=release::page ssr=SsrMode::Async/>
                <Route path=path!("/projects/:project/components/:component/runtime") view=runtime::page ssr=SsrMode::Async/>
                <Route path=path!("/projects/:project/components/:component/events") view=events::page ssr=SsrMode::Async/>
                <Route path=path!("/projects/:project/components/:component/logs") view=logs::page ssr=SsrMode::Async/>
                <Route path=path!("/projects/:project/components/:component/definition") view=definition::page ssr=SsrMode::Async/>
                <Route path=path!("/projects/:project/components/:component/history") view=history::page ssr=SsrMode::Async/>
                <Route path=path!("/projects/:project/bulk") view=bulk::page ssr=SsrMode::Async/>
                <Route path=path!("/projects/:project/components/:component/versions") view=new_version::page ssr=SsrMode::Async/>
                <Route path=path!("/projects/:project/components/:component/environments/:environment") view=binding::page ssr=SsrMode::Async/>
                <Route path=path!("/projects/:project/components/:component/environments/:environment/:action") view=act::page ssr=SsrMode::Async/>
                <Route path=path!("/projects/:project/cell") view=cell::page ssr=SsrMode::Async/>
                <Route path=path!("/pipelines") view=pipelines::all ssr=SsrMode::Async/>
                <Route path=path!("/pipelines/new") view=pipeline_form::new ssr=SsrMode::Async/>
                <Route path=path!("/pipelines/:pipeline") view=pipelines::one ssr=SsrMode::Async/>
                <Route path=path!("/pipelines/:pipeline/edit") view=pipeline_form::edit ssr=SsrMode::Async/>
                <Route path=path!("/environments/new") view=environment_form::new ssr=SsrMode::Async/>
                <Route path=path!("/environments/:environment") view=environment::page ssr=SsrMode::Async/>
                <Route path=path!("/environments/:environment/edit") view=environment_form::edit ssr=SsrMode::Async/>
                <Route path=path!("/search") view=search::page ssr=SsrMode::Async/>
                <Route path=path!("/environments") view=environments::page ssr=SsrMode::Async/>
                <Route path=path!("/planes") view=planes::page ssr=SsrMode::Async/>
                <Route path=path!("/planes/new") view=plane_form::new_data ssr=SsrMode::Async/>
                <Route path=path!("/planes/:name") view=plane::data ssr=SsrMode::Async/>
                <Route path=path!("/planes/:name/edit") view=plane_form::edit_data ssr=SsrMode::Async/>
                <Route path=path!("/planes/:name/retire") view=plane::retire_data ssr=SsrMode::Async/>
                <Route path=path!("/build-planes/new") view=plane_form::new_build ssr=SsrMode::Async/>
                <Route path=path!("/build-planes/:name") view=plane::build ssr=SsrMode::Async/>
                <Route path=path!("/build-planes/:name/edit") view=plane_form::edit_build ssr=SsrMode::Async/>
                <Route path=path!("/build-planes/:name/retire") view=plane::retire_build ssr=SsrMode::Async/>
                <Route path=path!("/configuration") view=configuration::page ssr=SsrMode::Async/>
                <Route path=path!("/configuration/new") view=configuration_form::new ssr=SsrMode::Async/>
                <Route path=path!("/configuration/:name") view=configuration_group::page ssr=SsrMode::Async/>
                <Route path=path!("/configuration/:name/edit") view=configuration_form::edit ssr=SsrMode::Async/>
                <Route path=path!("/configuration/:name/values") view=configuration_values::page ssr=SsrMode::Async/>
                <Route path=path!("/configuration/:name/key") view=configuration_values::key ssr=SsrMode::Async/>
                <Route path=path!("/configuration/:name/paste") view=configuration_paste::page ssr=SsrMode::Async/>
                <Route path=path!("/classes") view=classes::page ssr=SsrMode::Async/>
                <Route path=path!("/classes/:kind/new") view=class_form::new ssr=SsrMode::Async/>
                <Route path=path!("/classes/:kind/fields") view=class_fields::page ssr=SsrMode::Async/>
                <Route path=path!("/classes/:kind/:name/edit") view=class_form::edit ssr=SsrMode::Async/>
                <Route path=path!("/classes/:kind/:name/diff") view=class_versions::between ssr=SsrMode::Async/>
                <Route path=path!("/classes/:kind/:name/rollout") view=class_rollout::page ssr=SsrMode::Async/>
                <Route path=path!("/classes/:kind/:name/versions/:version") view=class_versions::version ssr=SsrMode::Async/>
                <Route path=path!("/classes/:kind/:name") view=class::page ssr=SsrMode::Async/>
                <Route path=path!("/waiting") view=waiting::page ssr=SsrMode::Async/>
                <Route path=path!("/apply") view=apply::page ssr=SsrMode::Async/>
                <Route path=path!("/resources") view=resources::kinds ssr=SsrMode::Async/>
                <Route path=path!("/resources/:kind") view=resources::of_kind ssr=SsrMode::Async/>
                <Route path=path!("/resources/:kind/:name") view=resource::page ssr=SsrMode::Async/>
                <Route path=path!("/resources/:kind/:name/delete") view=delete::page ssr=SsrMode::Async/>
            </FlatRoutes>
        </Router>
    }
}
