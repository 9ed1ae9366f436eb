/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-export.h"

#include "edit/ckpt-loading-code.h"
#include "edit/ckpt-recipe.h"
#include "edit/ckpt-result-name.h"
#include "formats/ckpt-write.h"
#include "model/ckpt-draft.h"

#include <glib/gi18n-lib.h>

/**
 * Line:
 * @line: an edit, which does nothing where there is nothing to do
 * @is_optional: whether the export is made all the same where it cannot be done, and says so
 */
typedef struct
{
  const char *line;
  gboolean is_optional;
} Line;

static const Line cpu_lines[] = {
  { "unwrap-object", FALSE },
  { "device '*=cpu'", FALSE },
};

static const Line share_lines[] = {
  { "unwrap-object", FALSE },  { "state-dict", FALSE },   { "remove-optimizer", FALSE }, { "unwrap", TRUE },
  { "device '*=cpu'", FALSE }, { "weights-only", FALSE }, { "compact", FALSE },
};

struct _CkptExport
{
  CkptExportOptions options;
  CkptContainer container;
  CkptTree *tree;
  GPtrArray *edits;
  GPtrArray *effects;
  GPtrArray *notes;
};

/* A file stays what it is if that can be, unless it is to be shared: a zip is what current versions of PyTorch map into memory. */
static CkptContainer
choose_container (CkptTree *tree, const CkptExportOptions *options)
{
  CkptContainer container = ckpt_tree_get_container (tree);

  if (options->has_container)
    return options->container;
  if (options->reads_in == CKPT_READS_IN_1_5)
    return CKPT_CONTAINER_TORCH_LEGACY;
  if (container == CKPT_CONTAINER_SAFETENSORS ||
      (container == CKPT_CONTAINER_TORCH_LEGACY && options->preset == CKPT_EXPORT_CPU))
    return container;
  return CKPT_CONTAINER_TORCH_ZIP;
}

static gboolean
check_container (CkptContainer container, const CkptExportOptions *options, GError **error)
{
  if (!ckpt_container_can_write (container))
    return ckpt_error_set (error, CKPT_ERROR_UNSUPPORTED, "container",
                           _ ("Files of this kind cannot be written."));
  if (options->reads_in == CKPT_READS_IN_1_5 && container == CKPT_CONTAINER_TORCH_ZIP)
    return ckpt_error_set (error, CKPT_ERROR_UNSUPPORTED, "container",
                           _ ("PyTorch 1.5 and older load no zip; they need the legacy container."));
  return TRUE;
}

static void
take_step (CkptExport *self, CkptEdit *edit, CkptEffect *effect, CkptTree *tree)
{
  g_ptr_array_add (self->edits, ckpt_edit_ref (edit));
  g_ptr_array_add (self->effects, effect);
  g_clear_pointer (&self->tree, ckpt_tree_unref);
  self->tree = tree;
}

static gboolean
do_line (CkptExport *self, const Line *line, GCancellable *cancellable, GError **error)
{
  g_autoptr (CkptEdit) edit = ckpt_edit_parse (line->line, error);
  g_autoptr (CkptEffect) effect = ckpt_effect_new ();
  g_autoptr (CkptTree) tree = NULL;
  g_autoptr (GError) local_error = NULL;

  if (edit == NULL)
    return FALSE;

  tree = ckpt_edit_apply (edit, self->tree, effect, cancellable, &local_error);
  if (tree == NULL && line->is_optional && g_error_matches (local_error, CKPT_ERROR, CKPT_ERROR_INVALID_EDIT))
    {
      g_ptr_array_add (self->notes, g_strdup_printf (_ ("%s was not done: %s"),
                                                     ckpt_edit_get_verb (edit)->name, local_error->message));
      return TRUE;
    }
  if (tree == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  if (effect->n > 0)
    take_step (self, edit, g_steal_pointer (&effect), g_steal_pointer (&tree));
  else
    g_ptr_array_extend_and_steal (self->notes, g_ptr_array_ref (effect->notes));
  return TRUE;
}

static gboolean
do_lines (CkptExport *self, const Line *lines, gsize n, GCancellable *cancellable, GError **error)
{
  for (gsize i = 0; i < n; i++)
    if (!do_line (self, &lines[i], cancellable, error))
      return FALSE;
  return TRUE;
}

static gboolean
do_reads_in (CkptExport *self, GCancellable *cancellable, GError **error)
{
  g_autofree char *text = g_strdup_printf ("reads-in %s", ckpt_reads_in_get_name (self->options.reads_in));
  const Line line = { text, FALSE };

  if (self->options.reads_in == CKPT_READS_IN_ANY || self->container == CKPT_CONTAINER_SAFETENSORS)
    return TRUE;
  return do_line (self, &line, cancellable, error);
}

/* What nobody edits is copied as it is, but protocols above 2 are what weights_only=True and older versions do not take. */
static gboolean
write_anew (CkptExport *self, GError **error)
{
  const char *protocol = ckpt_tree_get_fact (self->tree, "protocol");
  g_autoptr (CkptDraft) draft = NULL;
  CkptTree *tree;

  if (self->container == CKPT_CONTAINER_SAFETENSORS || self->edits->len > 0 || protocol == NULL ||
      g_ascii_strtoull (protocol, NULL, 10) <= 2)
    return TRUE;

  draft = ckpt_draft_new (self->tree);
  tree = ckpt_draft_finish (draft, error);
  if (tree == NULL)
    return FALSE;

  g_clear_pointer (&self->tree, ckpt_tree_unref);
  self->tree = tree;
  g_ptr_array_add (self->notes, g_strdup (_ ("The pickle is written in protocol 2.")));
  return TRUE;
}

/**
 * ckpt_export_new:
 * @tree: what is in a file; of what is edited, the tree as edited
 * @options: what is wanted
 * @cancellable: (nullable): to stop it
 * @error: return location
 *
 * Works out what an export changes. Nothing is written.
 *
 * Returns: (transfer full): the export; %NULL with an error of %CKPT_ERROR if it cannot be made
 */
CkptExport *
ckpt_export_new (CkptTree *tree, const CkptExportOptions *options, GCancellable *cancellable, GError **error)
{
  CkptContainer container = choose_container (tree, options);
  g_autoptr (CkptExport) self = NULL;
  gboolean is_done;

  if (!check_container (container, options, error))
    return NULL;

  self = g_new0 (CkptExport, 1);
  self->options = *options;
  self->container = container;
  self->tree = ckpt_tree_ref (tree);
  self->edits = ckpt_recipe_new ();
  self->effects = g_ptr_array_new_with_free_func ((GDestroyNotify) ckpt_effect_free);
  self->notes = g_ptr_array_new_with_free_func (g_free);
  if (options->preset == CKPT_EXPORT_CPU)
    is_done = do_lines (self, cpu_lines, G_N_ELEMENTS (cpu_lines), cancellable, error);
  else
    is_done = do_lines (self, share_lines, G_N_ELEMENTS (share_lines), cancellable, error);
  return is_done && do_reads_in (self, cancellable, error) && write_anew (self, error)
             ? g_steal_pointer (&self)
             : NULL;
}

/**
 * ckpt_export_free:
 * @self: (nullable): an export
 */
void
ckpt_export_free (CkptExport *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->tree, ckpt_tree_unref);
  g_ptr_array_unref (self->edits);
  g_ptr_array_unref (self->effects);
  g_ptr_array_unref (self->notes);
  g_free (self);
}

/**
 * ckpt_export_get_tree:
 * @self: an export
 *
 * Returns: (transfer none): what is to be written
 */
CkptTree *
ckpt_export_get_tree (CkptExport *self)
{
  return self->tree;
}

/**
 * ckpt_export_get_container:
 * @self: an export
 *
 * Returns: what it is to be written as
 */
CkptContainer
ckpt_export_get_container (CkptExport *self)
{
  return self->container;
}

/**
 * ckpt_export_get_edits:
 * @self: an export
 *
 * Returns: (transfer none) (element-type CkptEdit): what was done, in this order
 */
GPtrArray *
ckpt_export_get_edits (CkptExport *self)
{
  return self->edits;
}

/**
 * ckpt_export_get_effects:
 * @self: an export
 *
 * Returns: (transfer none) (element-type CkptEffect): what each of the edits did
 */
GPtrArray *
ckpt_export_get_effects (CkptExport *self)
{
  return self->effects;
}

/**
 * ckpt_export_get_notes:
 * @self: an export
 *
 * Returns: (transfer none) (element-type utf8): sentences on what was not done
 */
GPtrArray *
ckpt_export_get_notes (CkptExport *self)
{
  return self->notes;
}

/**
 * ckpt_export_dup_name:
 * @self: an export
 * @path: (type filename): the file that it is of
 *
 * Returns: (transfer full) (type filename): a name for the result beside @path, never @path itself: `model.cpu.pt`
 */
char *
ckpt_export_dup_name (CkptExport *self, const char *path)
{
  return ckpt_result_name_new (path, self->options.preset == CKPT_EXPORT_CPU ? "cpu" : "weights",
                               self->container);
}

/**
 * ckpt_export_dup_code:
 * @self: an export
 * @path: (type filename): the name of the result, as the code is to say it
 *
 * Returns: (transfer full): the lines of Python that load the result
 */
char *
ckpt_export_dup_code (CkptExport *self, const char *path)
{
  return ckpt_loading_code_new (self->tree, self->container, self->options.reads_in, path);
}
