/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include <glib/gi18n.h>

#include "stats.h"

/* Findings of one kind that are told as text; JSON has all of them. */
#define MAX_OF_KIND 20

static gboolean
is_failure (const Stats *stats, const CkptFinding *finding)
{
  return finding->grade == CKPT_FINDING_PROBLEM ||
         (stats->fail_on != NULL && g_strv_contains ((const char *const *) stats->fail_on, finding->kind));
}

static void
write_finding (JsonStream *json, const CkptFinding *finding)
{
  g_autoptr (yyjson_mut_doc) doc = yyjson_mut_doc_new (NULL);
  yyjson_mut_val *object = yyjson_mut_obj (doc);

  yyjson_mut_obj_add_str (doc, object, "grade", finding->grade == CKPT_FINDING_PROBLEM ? "problem" : "note");
  yyjson_mut_obj_add_str (doc, object, "kind", finding->kind);
  json_add_text (doc, object, "path", finding->path);
  yyjson_mut_obj_add_uint (doc, object, "count", finding->count);
  json_add_text (doc, object, "message", finding->text);
  json_stream_value (json, NULL, object);
}

static void
write_findings (JsonStream *json, const GPtrArray *findings)
{
  json_stream_begin_array (json, "findings");
  for (guint i = 0; i < findings->len; i++)
    write_finding (json, findings->pdata[i]);
  json_stream_end (json);
}

/* As a warning is told: the sentence without its full stop, then the kind. */
static void
print_finding (Output *output, const CkptFinding *finding)
{
  gsize length = strlen (finding->text);

  if (g_str_has_suffix (finding->text, "."))
    length--;
  output_printf (output, "%s: %s: %.*s [%s]\n",
                 finding->grade == CKPT_FINDING_PROBLEM ? _ ("problem") : _ ("note"), finding->path,
                 (int) length, finding->text, finding->kind);
}

static void
print_findings (Session *session, const GPtrArray *findings)
{
  guint n_of_kind = 0;

  if (findings->len > 0)
    session_print_heading (session);
  for (guint i = 0; i < findings->len && !output_has_failed (session->output); i++)
    {
      const CkptFinding *finding = findings->pdata[i];
      const CkptFinding *next = i + 1 < findings->len ? findings->pdata[i + 1] : NULL;

      n_of_kind++;
      if (n_of_kind <= MAX_OF_KIND)
        print_finding (session->output, finding);
      if (next != NULL && strcmp (next->kind, finding->kind) == 0)
        continue;
      if (n_of_kind > MAX_OF_KIND)
        output_printf (session->output, _ ("and %u more [%s]\n"), n_of_kind - MAX_OF_KIND, finding->kind);
      n_of_kind = 0;
    }
}

/**
 * stats_show_findings:
 *
 * Tells what is wrong with the values that are wanted, or odd.
 *
 * Returns: FALSE with CKPT_ERROR_NO_SUCH_PATH if a pattern matches nothing
 */
gboolean
stats_show_findings (Stats *self, CkptTree *tree, GError **error)
{
  g_autoptr (GPtrArray) matches = stats_find_matches (self, tree, error);
  g_autoptr (CkptSurvey) survey = ckpt_survey_new (tree, self->n_threads);
  g_autoptr (Progress) progress = progress_new (self->session->file);
  g_autoptr (GPtrArray) findings = NULL;

  if (matches == NULL)
    return FALSE;
  findings = ckpt_findings_list (survey, (const CkptPath *const *) matches->pdata, matches->len,
                                 progress_tell_bytes, progress, NULL, error);
  if (findings == NULL)
    return FALSE;
  for (guint i = 0; i < findings->len; i++)
    self->has_found |= is_failure (self, findings->pdata[i]);
  progress_pause (progress);
  if (self->session->json != NULL)
    write_findings (self->session->json, findings);
  else
    print_findings (self->session, findings);
  progress_resume (progress);
  return TRUE;
}
