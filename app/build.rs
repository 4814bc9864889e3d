//! Turns `app/locales` into typed keys. The browser part contains no family texts, so it gets no keys.

#[cfg(not(feature = "ssr"))]
fn main() {}

/// One file per language for each feature that families use.
#[cfg(feature = "ssr")]
const NAMESPACES: [&str; 12] = [
    "access",
    "credentials",
    "factors",
    "family",
    "invitations",
    "own_account",
    "portal",
    "recovery",
    "sessions",
    "setup",
    "sign_in",
    "single_sign_on",
];

#[cfg(feature = "ssr")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    use leptos_i18n_build::{Config, ParseOptions, TranslationsInfos};
    use std::path::PathBuf;

    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=locales");
    let options = ParseOptions::default().interpolate_display(true);
    let config = Config::new("en")?.add_namespaces(NAMESPACES)?.parse_options(options);
    let translations = TranslationsInfos::parse(config)?;
    translations.emit_diagnostics();
    translations.rerun_if_locales_changed();
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?).join("i18n");
    translations.generate_i18n_module(out)?;
    Ok(())
}
