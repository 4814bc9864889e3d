//! Migrations that were rewritten although databases already had them. That is only right where the old text could
//! not run for someone, and both leave the same behind.

use sqlx::PgPool;

/// Versions, and the checksum of the earlier text: SHA-384 in hex, as sqlx stores it.
const REWRITTEN: &[(i64, &str)] = &[
    // Created roles without looking for them first, which a user who may not create roles is refused.
    (
        20_261_122_000_040,
        "f93e98b70486ade8feaaa61fb37a7f01d1a1d9af942ccf147bb631fde717089987613dc0c280225d2b0dd75f88f887a6",
    ),
];

/// Whether a migration had this checksum before it was rewritten.
pub(super) fn was(version: i64, checksum: &[u8]) -> bool {
    let checksum = data_encoding::HEXLOWER.encode(checksum);
    REWRITTEN.contains(&(version, checksum.as_str()))
}

/// The checksum of a migration before it was rewritten.
#[cfg(test)]
pub(super) fn earlier(version: i64) -> Option<Vec<u8>> {
    let (_, checksum) = REWRITTEN.iter().find(|(rewritten, _)| *rewritten == version)?;
    Some(data_encoding::HEXLOWER.decode(checksum.as_bytes()).expect("hex"))
}

/// Records the present checksum where a database has the earlier one, so that sqlx does not take the migration for
/// another.
pub(super) async fn accept(pool: &PgPool) -> sqlx::Result<()> {
    let migrated: bool =
        sqlx::query_scalar("SELECT to_regclass('_sqlx_migrations') IS NOT NULL").fetch_one(pool).await?;
    if !migrated {
        return Ok(());
    }
    for (version, earlier) in REWRITTEN {
        let present = super::MIGRATOR.iter().find(|migration| migration.version == *version);
        if let Some(present) = present {
            sqlx::query("UPDATE _sqlx_migrations SET checksum = $3 WHERE version = $1 AND checksum = decode($2, 'hex')")
                .bind(version)
                .bind(earlier)
                .bind(&*present.checksum)
                .execute(pool)
                .await?;
        }
    }
    Ok(())
}
