/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-edit.h"

#include "model/ckpt-draft.h"
#include "model/ckpt-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Characters of a word that an error shows. */
#define MAX_SHOWN 60

struct _CkptEdit
{
  gatomicrefcount ref_count;
  const CkptVerb *verb;
  CkptWords *words;
};

/**
 * ckpt_edit_new_of:
 * @verb: what to do; static
 * @words: (array zero-terminated=1): what it needs to know; options `--name=value` among them
 * @error: return location
 *
 * Returns: (transfer full): an edit; %NULL with %CKPT_ERROR_INVALID_EDIT if @verb does not take these words
 */
CkptEdit *
ckpt_edit_new_of (const CkptVerb *verb, const char *const *words, GError **error)
{
  CkptWords *taken = ckpt_words_new (verb, words, error);
  CkptEdit *self;

  if (taken == NULL)
    return NULL;

  self = g_new0 (CkptEdit, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->verb = verb;
  self->words = taken;
  return self;
}

/**
 * ckpt_edit_new:
 * @verb: what to do, such as "rename"
 * @words: (array zero-terminated=1): what it needs to know; options `--name=value` among them
 * @error: return location
 *
 * Returns: (transfer full): an edit; %NULL with %CKPT_ERROR_INVALID_EDIT if there is no such verb, or it does not take these words
 */
CkptEdit *
ckpt_edit_new (const char *verb, const char *const *words, GError **error)
{
  const CkptVerb *found = ckpt_verbs_find (verb);
  g_autofree char *shown = NULL;

  if (found != NULL)
    return ckpt_edit_new_of (found, words, error);

  shown = ckpt_text_escape (verb, strlen (verb), MAX_SHOWN);
  ckpt_error_set (error, CKPT_ERROR_INVALID_EDIT, "no-such-verb", _ ("There is no edit “%s”."), shown);
  return NULL;
}

/**
 * ckpt_edit_parse:
 * @line: a verb and its words, quoted as for a shell; variables and globs of a shell mean nothing
 * @error: return location
 *
 * Returns: (transfer full): an edit; %NULL with %CKPT_ERROR_INVALID_EDIT if the line cannot be read
 */
CkptEdit *
ckpt_edit_parse (const char *line, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_auto (GStrv) words = NULL;

  if (!g_shell_parse_argv (line, NULL, &words, &local_error))
    {
      if (g_error_matches (local_error, G_SHELL_ERROR, G_SHELL_ERROR_EMPTY_STRING))
        ckpt_error_set (error, CKPT_ERROR_INVALID_EDIT, "edit-empty",
                        _ ("There is no edit in an empty line."));
      else
        ckpt_error_set (error, CKPT_ERROR_INVALID_EDIT, "edit-quoting", _ ("A quote does not end."));
      return NULL;
    }
  return ckpt_edit_new (words[0], (const char *const *) words + 1, error);
}

/**
 * ckpt_edit_ref:
 * @self: an edit
 *
 * Returns: (transfer full): @self
 */
CkptEdit *
ckpt_edit_ref (CkptEdit *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * ckpt_edit_unref:
 * @self: (transfer full) (nullable): an edit
 */
void
ckpt_edit_unref (CkptEdit *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  ckpt_words_free (self->words);
  g_free (self);
}

/**
 * ckpt_edit_to_string:
 * @self: an edit
 *
 * Returns: (transfer full): the line of a recipe that ckpt_edit_parse() reads as @self. A line break in a word stays one, within quotes
 */
char *
ckpt_edit_to_string (CkptEdit *self)
{
  g_autofree char *words = ckpt_words_to_string (self->words);

  return *words != '\0' ? g_strdup_printf ("%s %s", self->verb->name, words) : g_strdup (self->verb->name);
}

/* What an edit that says nothing of itself is called in the menu. */
static void
complete (CkptEffect *effect, const CkptEdit *self, CkptTree *before, CkptTree *after)
{
  if (effect->title == NULL)
    effect->title = g_strdup (self->verb->name);
  g_clear_pointer (&effect->before, ckpt_tree_unref);
  g_clear_pointer (&effect->after, ckpt_tree_unref);
  effect->before = ckpt_tree_ref (before);
  effect->after = ckpt_tree_ref (after);
}

/**
 * ckpt_edit_apply:
 * @self: an edit
 * @tree: a tree, which stays as it is
 * @effect: a new effect, which is filled
 * @cancellable: (nullable): to stop it
 * @error: return location
 *
 * Does the edit. Versions of one tree are made by one thread at a time; readers of former versions are not disturbed.
 *
 * Returns: (transfer full): the changed tree; @tree itself where there was nothing to do, then `effect->n` is 0; %NULL with an error of
 *   %CKPT_ERROR, or %G_IO_ERROR_CANCELLED
 */
CkptTree *
ckpt_edit_apply (CkptEdit *self,
                 CkptTree *tree,
                 CkptEffect *effect,
                 GCancellable *cancellable,
                 GError **error)
{
  g_autoptr (CkptDraft) draft = NULL;
  CkptTree *result;

  g_return_val_if_fail (self != NULL && tree != NULL && effect != NULL, NULL);

  if (ckpt_tree_get_root (tree) == CKPT_NO_NODE)
    {
      ckpt_error_set (error, CKPT_ERROR_INVALID_EDIT, "nothing-to-edit",
                      _ ("There is nothing in this file to edit."));
      return NULL;
    }

  draft = ckpt_draft_new (tree);
  if (!self->verb->apply (draft, self->words, effect, cancellable, error) ||
      g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;

  result = effect->n > 0 ? ckpt_draft_finish (draft, error) : ckpt_tree_ref (tree);
  if (result != NULL)
    complete (effect, self, tree, result);
  return result;
}

/**
 * ckpt_edit_get_verb:
 * @self: an edit
 *
 * Returns: (transfer none): what it does
 */
const CkptVerb *
ckpt_edit_get_verb (CkptEdit *self)
{
  return self->verb;
}

/**
 * ckpt_edit_get_words:
 * @self: an edit
 *
 * Returns: (transfer none): what it was told
 */
const CkptWords *
ckpt_edit_get_words (CkptEdit *self)
{
  return self->words;
}
