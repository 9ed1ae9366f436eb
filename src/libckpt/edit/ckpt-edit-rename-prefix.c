/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-rename.h"
#include "edit/ckpt-verbs.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  const char *from;
  const char *to;
} Prefixes;

static char *
replace_prefix (const char *key, gpointer user_data, GError **error)
{
  const Prefixes *prefixes = user_data;

  return g_str_has_prefix (key, prefixes->from)
             ? g_strconcat (prefixes->to, key + strlen (prefixes->from), NULL)
             : NULL;
}

static gboolean
apply (CkptDraft *draft,
       const CkptWords *words,
       CkptEffect *effect,
       GCancellable *cancellable,
       GError **error)
{
  Prefixes prefixes = { ckpt_words_get (words, 0), ckpt_words_get (words, 1) };

  if (!g_utf8_validate (prefixes.to, -1, NULL))
    return ckpt_error_set (error, CKPT_ERROR_INVALID_EDIT, "bad-prefix",
                           _ ("A key has to be text in UTF-8."));
  return ckpt_rename_under (draft, words, replace_prefix, &prefixes, effect, error);
}

const CkptVerb ckpt_verb_rename_prefix = {
  .name = "rename-prefix",
  .usage = "OLD NEW [--under=PATH]",
  .summary = N_ ("Give keys another beginning"),
  .options = "under=",
  .min_words = 2,
  .max_words = 2,
  .apply = apply,
};
