//! Templates that a school, or an organisation for all its schools, uses instead of Greencap's own.

use sqlx::PgConnection;
use uuid::Uuid;

use super::templates::TemplateSources;
use crate::Result;

/// A custom template.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(super) struct OwnTemplate {
    organisation_id: Uuid,
    /// `None`: for all schools without a template for this message.
    school_id: Option<Uuid>,
    kind: String,
    pub(super) language: String,
    #[sqlx(flatten)]
    pub(super) sources: TemplateSources,
}

/// The custom templates that the claimed messages may use.
#[derive(Debug, Default)]
pub(super) struct OwnTemplates(Vec<OwnTemplate>);

impl OwnTemplates {
    /// Loads the templates of these organisations.
    pub(super) async fn load(connection: &mut PgConnection, organisations: &[Uuid]) -> Result<Self> {
        // Sorts a school's templates before those of its organisation.
        let found = sqlx::query_as::<_, OwnTemplate>(
            "SELECT organisation_id, school_id, kind, language, subject, body_text, body_html FROM message_templates
             WHERE organisation_id = ANY($1) ORDER BY school_id NULLS LAST",
        )
        .bind(organisations)
        .fetch_all(connection)
        .await?;
        Ok(Self(found))
    }

    /// Finds the template for a recipient of this school and language.
    pub(super) fn find(
        &self,
        organisation: Uuid,
        school: Option<Uuid>,
        kind: &str,
        language: &str,
    ) -> Option<&OwnTemplate> {
        self.0.iter().find(|own| {
            own.organisation_id == organisation
                && (own.school_id.is_none() || own.school_id == school)
                && own.kind == kind
                && own.language.eq_ignore_ascii_case(language)
        })
    }
}
