-- Families share mailboxes. What is sent to one for a child, or for an adult who sees the child, would open the child to whoever
-- else reads it.

-- Whether somebody else has this email address too, from whom a restriction keeps the person, or a child whom the person sees.
CREATE FUNCTION mailbox_is_closed(organisation uuid, person uuid, mailbox text, today date) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM addresses theirs
                   JOIN access_restrictions r ON r.organisation_id = organisation AND r.lifted_at IS NULL
                        AND 'profile' = ANY (r.scopes) AND daterange(r.starts_on, r.ends_on, '[]') @> today
                   WHERE theirs.organisation_id = organisation AND theirs.kind = 'email' AND theirs.comparable = mailbox
                     AND theirs.person_id <> person
                     AND (r.adult_id = theirs.person_id
                          OR r.adult_id IS NULL AND theirs.person_id <> ALL (r.except_ids)
                             AND (EXISTS (SELECT FROM contacts c WHERE c.child_id = r.child_id AND c.adult_id = theirs.person_id)
                                  OR EXISTS (SELECT FROM access_grants g
                                             WHERE g.child_id = r.child_id AND g.adult_id = theirs.person_id)))
                     AND (r.child_id = person
                          OR r.adult_id IS DISTINCT FROM person AND (r.adult_id IS NOT NULL OR person = ANY (r.except_ids))
                             AND EXISTS (SELECT FROM access_grants g
                                         WHERE g.adult_id = person AND g.child_id = r.child_id AND g.stopped_at IS NULL
                                           AND g.scope = 'profile' AND (g.ends_on >= today) IS NOT FALSE)))
$$;
