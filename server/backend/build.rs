//! Rebuilds when a migration is added, since `sqlx::migrate!` embeds the folder, and embeds the templates of messages.
fn main() {
    println!("cargo:rerun-if-changed=../../migrations");
    minijinja_embed::embed_templates!("templates", &[".html", ".txt"]);
}
