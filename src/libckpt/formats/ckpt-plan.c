/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "formats/ckpt-plan.h"

#include "formats/ckpt-prepare.h"
#include "formats/ckpt-storage-order.h"
#include "model/ckpt-tree-data.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const CkptWriteFormat *const formats[] = {
  &ckpt_write_zip,
  &ckpt_write_legacy,
  &ckpt_write_safetensors,
};

/* Warnings of what two programs could read in two ways, beside all those that begin with "zip-". */
static const char *const ambiguous[] = { "record-twice", "record-names-case" };

static const CkptWriteFormat *
find_format (CkptContainer container)
{
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    if (formats[i]->container == container)
      return formats[i];
  return NULL;
}

/**
 * ckpt_container_can_write:
 * @container: a container
 *
 * Returns: whether files of it can be written
 */
gboolean
ckpt_container_can_write (CkptContainer container)
{
  return find_format (container) != NULL;
}

static void
clear_record (gpointer data)
{
  CkptPlanRecord *record = data;

  ckpt_payload_clear (&record->payload);
}

/**
 * ckpt_plan_add_record:
 * @self: a plan
 * @name: name of a record
 * @name_length: its bytes, or -1 if it ends at a NUL
 *
 * Returns: (transfer none): the record, to be filled in before another one is added
 */
CkptPlanRecord *
ckpt_plan_add_record (CkptPlan *self, const char *name, gssize name_length)
{
  gsize length = name_length < 0 ? strlen (name) : (gsize) name_length;
  CkptPlanRecord record = {
    .name = g_string_chunk_insert_len (self->names, name, length),
    .name_length = length,
    .method = CKPT_RECORD_STORED,
  };

  g_array_append_val (self->records, record);
  return ckpt_plan_get_record (self, self->records->len - 1);
}

/**
 * ckpt_plan_get_record:
 * @self: a plan
 * @index: a record
 *
 * Returns: (transfer none): the record, until one is added or removed
 */
CkptPlanRecord *
ckpt_plan_get_record (CkptPlan *self, guint index)
{
  return &g_array_index (self->records, CkptPlanRecord, index);
}

/**
 * ckpt_plan_remove_record:
 * @self: a plan
 * @index: a record
 */
void
ckpt_plan_remove_record (CkptPlan *self, guint index)
{
  g_array_remove_index (self->records, index);
}

/**
 * ckpt_plan_add_note:
 * @self: a plan
 * @format: a sentence for a person
 * @...: its arguments
 */
void
ckpt_plan_add_note (CkptPlan *self, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_ptr_array_add (self->notes, g_strdup_vprintf (format, args));
  va_end (args);
}

/* ("storage", class, key, location, numel), and view metadata in the older container. */
static guint64
get_id_length (CkptContainer container)
{
  return container == CKPT_CONTAINER_TORCH_LEGACY ? 6 : 5;
}

/* In its own container a storage goes through as it is. In another one, edit/ckpt-export.c has made it what it must be. */
static gboolean
check_id (CkptPlan *self, guint storage, GError **error)
{
  CkptNodes *nodes = ckpt_tree_get_nodes (self->tree);
  CkptNodeId node = ckpt_tree_get_storage (self->tree, storage)->node;

  if (ckpt_tree_get_container (self->origin) == self->options.container)
    return TRUE;
  if (node != CKPT_NO_NODE && ckpt_nodes_get_kind (nodes, node) == CKPT_KIND_PERSISTENT_ID &&
      ckpt_nodes_get_length (nodes, ckpt_nodes_get_child (nodes, node, 0)) ==
          get_id_length (self->options.container))
    return TRUE;
  return ckpt_error_set (error, CKPT_ERROR_UNSUPPORTED, "container-differs",
                         _ ("This file has to be exported to be saved in another format."));
}

/**
 * ckpt_plan_list_storages:
 * @self: a plan of a container with a pickle
 * @error: return location
 *
 * Returns: (transfer full) (element-type guint): numbers of the storages that are written, or NULL with %CKPT_ERROR_UNSUPPORTED if
 *   the pickle names them as another container does
 */
GArray *
ckpt_plan_list_storages (CkptPlan *self, GError **error)
{
  g_autoptr (GArray) storages = ckpt_storage_order_list (self->tree);

  for (guint i = 0; i < storages->len; i++)
    if (!check_id (self, g_array_index (storages, guint, i), error))
      return NULL;
  return g_steal_pointer (&storages);
}

static gboolean
refuse (GError **error, const char *code, const char *sentence)
{
  return ckpt_error_set (error, CKPT_ERROR_UNSUPPORTED, code, "%s", sentence);
}

static gboolean
check_container (CkptContainer container, GError **error)
{
  switch (container)
    {
    case CKPT_CONTAINER_TORCH_ZIP:
    case CKPT_CONTAINER_TORCH_LEGACY:
    case CKPT_CONTAINER_SAFETENSORS:
      return TRUE;
    case CKPT_CONTAINER_TORCHSCRIPT:
      return refuse (error, "cannot-write",
                     _ ("A TorchScript model has code in it, which only PyTorch can write."));
    case CKPT_CONTAINER_PT2:
      return refuse (error, "cannot-write", _ ("An exported program (.pt2) can only be written by PyTorch."));
    case CKPT_CONTAINER_PACKAGE:
      return refuse (error, "cannot-write", _ ("A torch.package archive can only be written by PyTorch."));
    case CKPT_CONTAINER_TAR:
      return refuse (error, "cannot-write",
                     _ ("The tar format of PyTorch 0.1 is read but not written; save in a newer one."));
    case CKPT_CONTAINER_PICKLE:
    default:
      return refuse (error, "cannot-write",
                     _ ("A bare pickle is read but not written; save as a checkpoint."));
    }
}

static gboolean
is_ambiguous (const CkptWarning *warning)
{
  return g_str_has_prefix (warning->place.code, "zip-") ||
         g_strv_contains ((const char *const[]) { ambiguous[0], ambiguous[1], NULL }, warning->place.code);
}

/* What is not all there, or can be read in two ways, would come out as something else than somebody sees in it. */
static gboolean
check_tree (CkptTree *tree, GError **error)
{
  if (ckpt_tree_is_cut (tree))
    return ckpt_error_set (error, CKPT_ERROR_TRUNCATED, "file-cut",
                           _ ("The file is cut, so what it holds cannot be saved: values are missing."));

  for (guint i = 0; i < ckpt_tree_get_n_warnings (tree); i++)
    {
      const CkptWarning *warning = ckpt_tree_get_warning (tree, i);

      if (is_ambiguous (warning))
        return ckpt_error_set (
            error, CKPT_ERROR_UNSUPPORTED, "ambiguous",
            _ ("The file is not saved, because different programs may see different content in it. %s"),
            warning->message);
    }
  return TRUE;
}

/* What the versions of a tree began with. */
static CkptTree *
get_origin (CkptTree *tree)
{
  while (tree->store != NULL)
    tree = tree->store->origin;
  return tree;
}

/* Of these a tree shows no more than what records they have, or what the code that belongs to it works with. */
static gboolean
check_origin (CkptContainer container, GError **error)
{
  if (container == CKPT_CONTAINER_TORCHSCRIPT || container == CKPT_CONTAINER_PT2 ||
      container == CKPT_CONTAINER_PACKAGE)
    return check_container (container, error);
  return TRUE;
}

static gboolean
plan_whole (CkptPlan *self)
{
  self->is_whole = TRUE;
  self->size = ckpt_source_get_size (ckpt_tree_get_source (self->tree));
  self->n_copied = self->size;
  return TRUE;
}

/* Goes on with the tree as the pickle of the container is to have it. */
static gboolean
prepare (CkptPlan *self, GError **error)
{
  CkptTree *tree = ckpt_prepare_tree (self->tree, self->options.container, self->notes, error);

  if (tree == NULL)
    return FALSE;

  ckpt_tree_unref (self->tree);
  self->tree = tree;
  return TRUE;
}

static void
count_copied (CkptPlan *self)
{
  CkptArchive *archive = ckpt_tree_get_archive (self->tree);

  for (guint i = 0; i < self->records->len; i++)
    {
      const CkptPayload *payload = &ckpt_plan_get_record (self, i)->payload;

      if (payload->kind == CKPT_PAYLOAD_RECORD && payload->archive == archive)
        self->n_copied += payload->size;
    }
}

static gboolean
make_plan (CkptPlan *self, GError **error)
{
  const CkptWriteOptions *options = &self->options;

  if (!check_origin (ckpt_tree_get_container (self->origin), error) ||
      !check_container (options->container, error) || !check_tree (self->tree, error))
    return FALSE;

  self->format = find_format (options->container);
  self->is_unedited = self->tree == self->origin &&
                      ckpt_tree_get_container (self->origin) == options->container;
  if (self->is_unedited && !options->anew && options->alignment == 0)
    return plan_whole (self);
  if (!prepare (self, error) || !self->format->plan (self, error))
    return FALSE;

  count_copied (self);
  return TRUE;
}

/**
 * ckpt_plan_new:
 * @tree: a tree, or a version of one that edits made
 * @options: how to write it
 * @cancellable: (nullable): stops it
 * @error: return location
 *
 * Works out what the file will be, to the byte, without writing anything. No values of tensors are read.
 *
 * Returns: (transfer full): the plan, or NULL with %CKPT_ERROR_UNSUPPORTED if it cannot be written so, %CKPT_ERROR_TRUNCATED if
 *   values are missing, an error of the encoder, or %G_IO_ERROR_CANCELLED
 */
CkptPlan *
ckpt_plan_new (CkptTree *tree, const CkptWriteOptions *options, GCancellable *cancellable, GError **error)
{
  g_autoptr (CkptPlan) self = NULL;

  g_return_val_if_fail (tree != NULL && options != NULL, NULL);

  self = g_new0 (CkptPlan, 1);
  self->tree = ckpt_tree_ref (tree);
  self->origin = get_origin (tree);
  self->options = *options;
  self->cancellable = cancellable;
  self->names = g_string_chunk_new (4096);
  self->records = g_array_new (FALSE, TRUE, sizeof (CkptPlanRecord));
  g_array_set_clear_func (self->records, clear_record);
  self->notes = g_ptr_array_new_with_free_func (g_free);
  if (!make_plan (self, error))
    return NULL;

  self->cancellable = NULL;
  self->options.folder = NULL;
  return g_steal_pointer (&self);
}

/**
 * ckpt_plan_free:
 * @self: (transfer full): a plan
 */
void
ckpt_plan_free (CkptPlan *self)
{
  if (self->data != NULL)
    self->format->free (self->data);
  g_ptr_array_unref (self->notes);
  g_array_unref (self->records);
  g_string_chunk_free (self->names);
  ckpt_tree_unref (self->tree);
  g_free (self);
}

/**
 * ckpt_plan_get_size:
 * @self: a plan
 *
 * Returns: bytes of the file to come
 */
guint64
ckpt_plan_get_size (CkptPlan *self)
{
  return self->size;
}

/**
 * ckpt_plan_get_notes:
 * @self: a plan
 * @n_notes: (out): how many
 *
 * Returns: (transfer none) (array length=n_notes): sentences that a person should know before the file is written
 */
const char *const *
ckpt_plan_get_notes (CkptPlan *self, guint *n_notes)
{
  *n_notes = self->notes->len;
  return (const char *const *) self->notes->pdata;
}

/**
 * ckpt_plan_align:
 * @self: a plan
 * @block: bytes of a block of the file system
 * @error: return location
 *
 * For a file system that can share blocks between files. What nobody changed stays as it is.
 *
 * Returns: FALSE with an error of locating a record
 */
gboolean
ckpt_plan_align (CkptPlan *self, guint block, GError **error)
{
  if (self->is_whole || self->is_unedited || self->format->align == NULL)
    return TRUE;
  return self->format->align (self, block, error);
}

/**
 * ckpt_plan_write:
 * @self: a plan
 * @writer: where the file goes, from its first byte on
 * @error: return location
 *
 * Returns: FALSE with an error of reading or writing, or %G_IO_ERROR_CANCELLED
 */
gboolean
ckpt_plan_write (CkptPlan *self, CkptWriter *writer, GError **error)
{
  CkptSource *source = ckpt_tree_get_source (self->tree);

  if (self->is_whole)
    return ckpt_writer_copy (writer, source, 0, self->size, NULL, error);
  return self->format->write (self, writer, error);
}
