/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-rename.h"
#include "edit/ckpt-verbs.h"

#include "model/ckpt-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  GRegex *regex;
  const char *replacement;
} Pattern;

static char *
replace (const char *key, gpointer user_data, GError **error)
{
  const Pattern *pattern = user_data;

  return g_utf8_validate (key, -1, NULL)
             ? g_regex_replace (pattern->regex, key, -1, 0, pattern->replacement, 0, error)
             : NULL;
}

static gboolean
set_bad_pattern (const char *word, const GError *reason, GError **error)
{
  g_autofree char *shown = ckpt_text_escape (word, strlen (word), 60);
  g_autofree char *why = ckpt_text_escape (reason->message, strlen (reason->message), 200);

  return ckpt_error_set (error, CKPT_ERROR_INVALID_EDIT, "bad-pattern", _ ("“%s” cannot be used: %s"), shown,
                         why);
}

static gboolean
apply (CkptDraft *draft,
       const CkptWords *words,
       CkptEffect *effect,
       GCancellable *cancellable,
       GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GRegex) regex = g_regex_new (ckpt_words_get (words, 0), G_REGEX_OPTIMIZE, 0, &local_error);
  Pattern pattern = { regex, ckpt_words_get (words, 1) };

  if (regex == NULL)
    return set_bad_pattern (ckpt_words_get (words, 0), local_error, error);
  if (!g_utf8_validate (pattern.replacement, -1, NULL) ||
      !g_regex_check_replacement (pattern.replacement, NULL, &local_error))
    return local_error != NULL ? set_bad_pattern (pattern.replacement, local_error, error)
                               : ckpt_error_set (error, CKPT_ERROR_INVALID_EDIT, "bad-pattern",
                                                 _ ("A key has to be text in UTF-8."));
  if (ckpt_rename_under (draft, words, replace, &pattern, effect, &local_error))
    return TRUE;
  if (local_error->domain == G_REGEX_ERROR)
    return set_bad_pattern (ckpt_words_get (words, 0), local_error, error);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

const CkptVerb ckpt_verb_rename_regex = {
  .name = "rename-regex",
  .usage = "PATTERN REPLACEMENT [--under=PATH]",
  .summary = N_ ("Replace what a regular expression matches in keys; \\1 is its first group"),
  .options = "under=",
  .min_words = 2,
  .max_words = 2,
  .apply = apply,
};
