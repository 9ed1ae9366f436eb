/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-document.h"

#include "edit/ckpt-journal.h"
#include "edit/ckpt-recipe.h"
#include "edit/ckpt-result-name.h"

#include <glib/gi18n-lib.h>

/* One step of the history: an edit, or the saving of a file, from which on the tree is that of the new file. */
typedef struct
{
  CkptEdit *edit; /* NULL: the file was saved */
  CkptEffect *effect;
  CkptTree *tree; /* after it */
} Step;

struct _CkptDocument
{
  GObject parent_instance;

  CkptTree *opened;
  CkptTree *saved;     /* of the file that it is: the one opened, or the one saved last */
  GArray *steps;       /* of Step */
  guint n_done;        /* how many of them are done, that is not undone */
  GHashTable *touched; /* values that the pending edits touched; NULL until asked for */
  gboolean keeps_journal;
  CkptJournal *journal;   /* of the base */
  CkptTree *journal_base; /* not owned: only to see that the base is another one */
};

enum
{
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CkptDocument, ckpt_document, G_TYPE_OBJECT)

static void
step_clear (gpointer data)
{
  Step *step = data;

  g_clear_pointer (&step->edit, ckpt_edit_unref);
  g_clear_pointer (&step->effect, ckpt_effect_free);
  g_clear_pointer (&step->tree, ckpt_tree_unref);
}

static void
ckpt_document_finalize (GObject *object)
{
  CkptDocument *self = CKPT_DOCUMENT (object);

  g_clear_pointer (&self->touched, g_hash_table_unref);
  g_clear_pointer (&self->journal, ckpt_journal_free);
  g_array_unref (self->steps);
  g_clear_pointer (&self->opened, ckpt_tree_unref);
  g_clear_pointer (&self->saved, ckpt_tree_unref);
  G_OBJECT_CLASS (ckpt_document_parent_class)->finalize (object);
}

static void
ckpt_document_class_init (CkptDocumentClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ckpt_document_finalize;

  /**
   * CkptDocument::changed:
   *
   * The tree is another one, or what is pending is. Where the base is another one too, ids of values are not those of before.
   */
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
ckpt_document_init (CkptDocument *self)
{
  self->steps = g_array_new (FALSE, FALSE, sizeof (Step));
  g_array_set_clear_func (self->steps, step_clear);
}

/**
 * ckpt_document_new:
 * @tree: what is in a file
 *
 * Returns: (transfer full): a document without edits
 */
CkptDocument *
ckpt_document_new (CkptTree *tree)
{
  CkptDocument *self = g_object_new (CKPT_TYPE_DOCUMENT, NULL);

  self->opened = ckpt_tree_ref (tree);
  self->saved = ckpt_tree_ref (tree);
  return self;
}

static Step *
get_step (CkptDocument *self, guint i)
{
  return &g_array_index (self->steps, Step, i);
}

/* How many steps were done when the file was saved last, the saving included; 0 if it never was. */
static guint
count_saved (CkptDocument *self, guint n_steps)
{
  while (n_steps > 0 && get_step (self, n_steps - 1)->edit != NULL)
    n_steps--;
  return n_steps;
}

static CkptTree *
get_tree_after (CkptDocument *self, guint n_steps)
{
  return n_steps > 0 ? get_step (self, n_steps - 1)->tree : self->opened;
}

/**
 * ckpt_document_get_tree:
 * @self: a document
 *
 * Returns: (transfer none): the tree with all pending edits
 */
CkptTree *
ckpt_document_get_tree (CkptDocument *self)
{
  g_return_val_if_fail (CKPT_IS_DOCUMENT (self), NULL);

  return get_tree_after (self, self->n_done);
}

/**
 * ckpt_document_get_base:
 * @self: a document
 *
 * Returns: (transfer none): the tree without the pending edits. That is the file that was opened or saved last, or an earlier one where
 *   more was undone than was done since
 */
CkptTree *
ckpt_document_get_base (CkptDocument *self)
{
  g_return_val_if_fail (CKPT_IS_DOCUMENT (self), NULL);

  return get_tree_after (self, count_saved (self, self->n_done));
}

/**
 * ckpt_document_get_saved:
 * @self: a document
 *
 * Returns: (transfer none): the tree of the file that was opened or saved last
 */
CkptTree *
ckpt_document_get_saved (CkptDocument *self)
{
  g_return_val_if_fail (CKPT_IS_DOCUMENT (self), NULL);

  return self->saved;
}

/**
 * ckpt_document_is_modified:
 * @self: a document
 *
 * Returns: whether the tree is not that of the file
 */
gboolean
ckpt_document_is_modified (CkptDocument *self)
{
  g_return_val_if_fail (CKPT_IS_DOCUMENT (self), FALSE);

  return ckpt_document_get_tree (self) != self->saved;
}

/* Whether the file that the pending edits are of is one that was saved over: nothing could be made of them later. */
static gboolean
is_overwritten (CkptDocument *self, CkptTree *base)
{
  const char *path = ckpt_source_get_path (ckpt_tree_get_source (base));

  return base != self->saved &&
         g_strcmp0 (path, ckpt_source_get_path (ckpt_tree_get_source (self->saved))) == 0;
}

/* Keeps on disk what is pending. */
static void
update_journal (CkptDocument *self)
{
  CkptTree *base = ckpt_document_get_base (self);
  g_autoptr (GPtrArray) edits = NULL;
  g_autoptr (GError) error = NULL;

  if (!self->keeps_journal)
    return;

  if (self->journal_base != base)
    {
      if (self->journal != NULL)
        ckpt_journal_remove (self->journal);
      g_clear_pointer (&self->journal, ckpt_journal_free);
      self->journal = ckpt_journal_new (ckpt_tree_get_source (base));
      self->journal_base = base;
    }
  edits = is_overwritten (self, base) ? ckpt_recipe_new () : ckpt_document_list_edits (self);
  if (!ckpt_journal_write (self->journal, edits, &error))
    g_info ("%s", error->message);
}

static void
tell (CkptDocument *self)
{
  g_clear_pointer (&self->touched, g_hash_table_unref);
  update_journal (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* Adds a step after those that are done; what was undone cannot be redone any more. */
static void
add_step (CkptDocument *self, CkptEdit *edit, CkptEffect *effect, CkptTree *tree)
{
  const Step step = { edit, effect, tree };

  g_array_set_size (self->steps, self->n_done);
  g_array_append_val (self->steps, step);
  self->n_done++;
}

/**
 * ckpt_document_add:
 * @self: a document
 * @edit: what was done
 * @from: the tree that it was done to
 * @result: what ckpt_edit_apply() gave
 * @effect: (transfer full): what it did
 * @error: return location
 *
 * Takes over what another thread has made of the tree. Where there was nothing to do it stays as it is, and there is nothing to undo.
 *
 * Returns: %FALSE with %CKPT_ERROR_INVALID_EDIT if @from is no longer the document's tree
 */
gboolean
ckpt_document_add (CkptDocument *self,
                   CkptEdit *edit,
                   CkptTree *from,
                   CkptTree *result,
                   CkptEffect *effect,
                   GError **error)
{
  g_autoptr (CkptEffect) owned = effect;

  g_return_val_if_fail (CKPT_IS_DOCUMENT (self), FALSE);

  if (from != ckpt_document_get_tree (self))
    return ckpt_error_set (error, CKPT_ERROR_INVALID_EDIT, "tree-changed",
                           _ ("The checkpoint was changed in the meantime; nothing was done."));
  if (effect->n > 0)
    {
      add_step (self, ckpt_edit_ref (edit), g_steal_pointer (&owned), ckpt_tree_ref (result));
      tell (self);
    }
  return TRUE;
}

/**
 * ckpt_document_apply:
 * @self: a document
 * @edit: what to do
 * @effect: (out) (optional) (transfer none) (nullable): what it did; %NULL where there was nothing to do
 * @error: return location
 *
 * Changes the tree: ckpt_edit_apply() and ckpt_document_add() in one.
 *
 * Returns: %FALSE with an error of @edit
 */
gboolean
ckpt_document_apply (CkptDocument *self, CkptEdit *edit, CkptEffect **effect, GError **error)
{
  g_autoptr (CkptEffect) done = ckpt_effect_new ();
  g_autoptr (CkptTree) from = NULL;
  g_autoptr (CkptTree) tree = NULL;

  g_return_val_if_fail (CKPT_IS_DOCUMENT (self) && edit != NULL, FALSE);

  from = ckpt_tree_ref (ckpt_document_get_tree (self));
  tree = ckpt_edit_apply (edit, from, done, NULL, error);
  if (tree == NULL)
    return FALSE;

  if (effect != NULL)
    *effect = done->n > 0 ? done : NULL;
  return ckpt_document_add (self, edit, from, tree, g_steal_pointer (&done), error);
}

/**
 * ckpt_document_preview:
 * @self: a document
 * @edit: what might be done
 * @error: return location
 *
 * Returns: (transfer full): what it would do, which changes nothing; %NULL with an error of @edit
 */
CkptEffect *
ckpt_document_preview (CkptDocument *self, CkptEdit *edit, GError **error)
{
  g_autoptr (CkptEffect) effect = ckpt_effect_new ();
  g_autoptr (CkptTree) tree = NULL;

  g_return_val_if_fail (CKPT_IS_DOCUMENT (self) && edit != NULL, NULL);

  tree = ckpt_edit_apply (edit, ckpt_document_get_tree (self), effect, NULL, error);
  return tree != NULL ? g_steal_pointer (&effect) : NULL;
}

/* The step that would be undone: savings before it are passed over. */
static Step *
get_undo_step (CkptDocument *self, guint *n_left)
{
  guint n = self->n_done;

  while (n > 0 && get_step (self, n - 1)->edit == NULL)
    n--;
  *n_left = n > 0 ? n - 1 : 0;
  return n > 0 ? get_step (self, n - 1) : NULL;
}

/* A document that is back where it was saved is that file again. */
static guint
pass_savings (CkptDocument *self, guint n)
{
  while (n < self->steps->len && get_step (self, n)->edit == NULL)
    n++;
  return n;
}

/**
 * ckpt_document_undo:
 * @self: a document
 *
 * Returns: %FALSE if there was nothing to undo
 */
gboolean
ckpt_document_undo (CkptDocument *self)
{
  guint n_left;

  g_return_val_if_fail (CKPT_IS_DOCUMENT (self), FALSE);

  if (get_undo_step (self, &n_left) == NULL)
    return FALSE;
  self->n_done = pass_savings (self, n_left);
  tell (self);
  return TRUE;
}

/**
 * ckpt_document_redo:
 * @self: a document
 *
 * Returns: %FALSE if there was nothing to redo
 */
gboolean
ckpt_document_redo (CkptDocument *self)
{
  g_return_val_if_fail (CKPT_IS_DOCUMENT (self), FALSE);

  if (self->n_done >= self->steps->len)
    return FALSE;
  self->n_done = pass_savings (self, self->n_done + 1);
  tell (self);
  return TRUE;
}

/**
 * ckpt_document_get_undo_title:
 * @self: a document
 *
 * Returns: (transfer none) (nullable): what would be undone: "Move 26 tensors to cpu"
 */
const char *
ckpt_document_get_undo_title (CkptDocument *self)
{
  const Step *step;
  guint n_left;

  g_return_val_if_fail (CKPT_IS_DOCUMENT (self), NULL);

  step = get_undo_step (self, &n_left);
  return step != NULL ? step->effect->title : NULL;
}

/**
 * ckpt_document_get_redo_title:
 * @self: a document
 *
 * Returns: (transfer none) (nullable): what would be done again
 */
const char *
ckpt_document_get_redo_title (CkptDocument *self)
{
  g_return_val_if_fail (CKPT_IS_DOCUMENT (self), NULL);

  return self->n_done < self->steps->len ? get_step (self, self->n_done)->effect->title : NULL;
}

/**
 * ckpt_document_get_n_pending:
 * @self: a document
 *
 * Returns: how many edits lead from the base to the tree
 */
guint
ckpt_document_get_n_pending (CkptDocument *self)
{
  g_return_val_if_fail (CKPT_IS_DOCUMENT (self), 0);

  return self->n_done - count_saved (self, self->n_done);
}

/**
 * ckpt_document_get_pending:
 * @self: a document
 * @i: which of the pending edits
 * @effect: (out) (optional) (transfer none): what it did
 *
 * Returns: (transfer none): the edit
 */
CkptEdit *
ckpt_document_get_pending (CkptDocument *self, guint i, CkptEffect **effect)
{
  const Step *step;

  g_return_val_if_fail (CKPT_IS_DOCUMENT (self) && i < ckpt_document_get_n_pending (self), NULL);

  step = get_step (self, count_saved (self, self->n_done) + i);
  if (effect != NULL)
    *effect = step->effect;
  return step->edit;
}

/**
 * ckpt_document_revert_to:
 * @self: a document
 * @n_pending: how many of the pending edits are to stay; they are not more than there are
 *
 * Undoes all later ones at once. They can be redone, one by one.
 */
void
ckpt_document_revert_to (CkptDocument *self, guint n_pending)
{
  g_return_if_fail (CKPT_IS_DOCUMENT (self) && n_pending <= ckpt_document_get_n_pending (self));

  if (n_pending == ckpt_document_get_n_pending (self))
    return;
  self->n_done = count_saved (self, self->n_done) + n_pending;
  tell (self);
}

/**
 * ckpt_document_list_edits:
 * @self: a document
 *
 * Returns: (transfer full) (element-type CkptEdit): the pending edits
 */
GPtrArray *
ckpt_document_list_edits (CkptDocument *self)
{
  GPtrArray *edits;
  guint n;

  g_return_val_if_fail (CKPT_IS_DOCUMENT (self), NULL);

  edits = ckpt_recipe_new ();
  n = ckpt_document_get_n_pending (self);
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (edits, ckpt_edit_ref (ckpt_document_get_pending (self, i, NULL)));
  return edits;
}

/**
 * ckpt_document_dup_recipe:
 * @self: a document
 *
 * Returns: (transfer full): the pending edits as text, one a line
 */
char *
ckpt_document_dup_recipe (CkptDocument *self)
{
  g_autoptr (GPtrArray) edits = ckpt_document_list_edits (self);

  return edits != NULL ? ckpt_recipe_to_string (edits) : NULL;
}

/**
 * ckpt_document_dup_command:
 * @self: a document
 * @output: (nullable) (type filename): where the result goes; %NULL for the name of the file with `.edited` in it
 *
 * Returns: (transfer full): the command line for a shell that does what is pending
 */
char *
ckpt_document_dup_command (CkptDocument *self, const char *output)
{
  g_autoptr (GPtrArray) edits = ckpt_document_list_edits (self);
  const char *input;
  g_autofree char *name = NULL;

  if (edits == NULL)
    return NULL;
  input = ckpt_source_get_path (ckpt_tree_get_source (ckpt_document_get_base (self)));
  name = ckpt_result_name_new (input, "edited", ckpt_tree_get_container (ckpt_document_get_base (self)));
  return ckpt_recipe_to_command (edits, input, output != NULL ? output : name);
}

static GHashTable *
list_touched (CkptDocument *self)
{
  GHashTable *touched = g_hash_table_new (NULL, NULL);
  guint n = ckpt_document_get_n_pending (self);

  for (guint i = 0; i < n; i++)
    {
      CkptEffect *effect;

      ckpt_document_get_pending (self, i, &effect);
      for (guint j = 0; j < effect->touched->len; j++)
        g_hash_table_add (touched, GUINT_TO_POINTER (g_array_index (effect->touched, CkptNodeId, j)));
    }
  return touched;
}

/**
 * ckpt_document_is_touched:
 * @self: a document
 * @node: a value of the tree
 *
 * Returns: whether a pending edit changed its row
 */
gboolean
ckpt_document_is_touched (CkptDocument *self, CkptNodeId node)
{
  g_return_val_if_fail (CKPT_IS_DOCUMENT (self), FALSE);

  if (self->touched == NULL)
    self->touched = list_touched (self);
  return g_hash_table_contains (self->touched, GUINT_TO_POINTER (node));
}

/**
 * ckpt_document_set_saved:
 * @self: a document
 * @tree: what is in the file that the tree was written to
 *
 * Goes on with that file: nothing is pending. What was done before can still be undone, which leads back to the former file; that one
 * stays open for as long.
 */
void
ckpt_document_set_saved (CkptDocument *self, CkptTree *tree)
{
  g_return_if_fail (CKPT_IS_DOCUMENT (self) && tree != NULL);

  g_clear_pointer (&self->saved, ckpt_tree_unref);
  self->saved = ckpt_tree_ref (tree);
  add_step (self, NULL, NULL, ckpt_tree_ref (tree));
  tell (self);
}

/**
 * ckpt_document_keep_journal:
 * @self: a document
 *
 * From now on keeps what is pending in the user's state folder, and removes what an earlier run left there for this file. Without this a
 * document writes nothing.
 */
void
ckpt_document_keep_journal (CkptDocument *self)
{
  g_return_if_fail (CKPT_IS_DOCUMENT (self));

  self->keeps_journal = TRUE;
  update_journal (self);
}

/**
 * ckpt_document_close:
 * @self: a document
 *
 * Gives up what is pending: its journal is removed. A document that is only freed leaves it behind.
 */
void
ckpt_document_close (CkptDocument *self)
{
  g_return_if_fail (CKPT_IS_DOCUMENT (self));

  self->keeps_journal = FALSE;
  if (self->journal != NULL)
    ckpt_journal_remove (self->journal);
}
