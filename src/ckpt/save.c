/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "save.h"

#include <string.h>

#include <glib/gi18n.h>

#include "csv.h"
#include "messages.h"
#include "target.h"
#include "values.h"

/**
 * save_format_from_name:
 * @name: (type filename): a file name
 *
 * Returns: the format that its ending names
 */
SaveFormat
save_format_from_name (const char *name)
{
  if (g_str_has_suffix (name, ".npy"))
    return SAVE_NPY;
  if (g_str_has_suffix (name, ".csv"))
    return SAVE_CSV;
  return SAVE_UNKNOWN;
}

/**
 * save_check:
 *
 * Returns: FALSE with an error if the values of a tensor cannot be read, or would come to far more than is in the file
 */
gboolean
save_check (CkptTree *tree, const CkptTensor *tensor, GError **error)
{
  if (!tensor_check_readable (tree, tensor, error))
    return FALSE;
  return ckpt_tensor_check_repetition (tree, tensor, error);
}

static gboolean
write_output (gpointer data, const void *bytes, gsize length, GError **error)
{
  output_write (data, bytes, length);
  return !output_has_failed (data) || output_flush (data, error);
}

static gboolean
write_csv (Output *output, CkptTree *tree, CkptNodeId node, const char *name, GError **error)
{
  const CkptTensor *tensor = ckpt_tree_get_node_tensor (tree, node);
  gboolean is_changed = FALSE;

  if (tensor != NULL)
    return ckpt_csv_write (tree, tensor, &(CkptSink) { write_output, output }, NULL, error);

  if (!kind_is_container (ckpt_tree_get_kind (tree, node)))
    return ckpt_error_set (
        error, CKPT_ERROR_UNSUPPORTED, "no-csv",
        _ ("Only a tensor, or a list or dict of numbers and texts, can be written as CSV."));

  if (!csv_write_values (output, tree, node, &is_changed, error))
    return FALSE;

  if (is_changed)
    message_note (name, "%s", _ ("texts that a spreadsheet would compute have a ' before them"));
  return TRUE;
}

static gboolean
write_npy (Output *output, CkptTree *tree, CkptNodeId node, const char *name, GError **error)
{
  const CkptTensor *tensor = ckpt_tree_get_node_tensor (tree, node);
  const char *substitute;

  if (tensor == NULL)
    return ckpt_error_set (error, CKPT_ERROR_UNSUPPORTED, "no-npy",
                           _ ("Only a tensor can be written as .npy."));

  substitute = ckpt_npy_get_substitute (tensor->dtype);
  if (substitute != NULL)
    message_note (name, _ ("written as %s, since NumPy has no %s"), substitute,
                  ckpt_dtype_get_name (tensor->dtype));
  return ckpt_npy_write (tree, tensor, &(CkptSink) { write_output, output }, NULL, error);
}

/**
 * save_value:
 * @path: the way to the value
 * @name: (type filename): the file to write, whose ending says how
 *
 * Writes all of one value to a file of its own.
 *
 * Returns: FALSE with an error; the file is then as it was before
 */
gboolean
save_value (CkptTree *tree, const CkptPath *path, const char *name, GError **error)
{
  CkptNodeId node = ckpt_path_get_node (path, tree);
  const CkptTensor *tensor = ckpt_tree_get_node_tensor (tree, node);
  g_autoptr (Target) target = NULL;
  gboolean is_npy = save_format_from_name (name) == SAVE_NPY;

  if (tensor != NULL && !save_check (tree, tensor, error))
    return FALSE;

  target = target_new (name, ckpt_tree_get_source (tree), error);
  if (target == NULL)
    return FALSE;

  return (is_npy ? write_npy : write_csv) (target_get_output (target), tree, node, name, error) &&
         target_finish (target, error);
}
