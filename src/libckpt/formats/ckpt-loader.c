/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "formats/ckpt-loader.h"

/**
 * ckpt_loader_decode:
 * @self: a loader
 * @reader: where the pickle begins; left after its STOP
 * @info: (out): what was decoded
 *
 * Decodes one pickle into the loader's nodes, cancellable, with progress and warnings.
 *
 * Returns: FALSE with CKPT_ERROR or G_IO_ERROR_CANCELLED
 */
gboolean
ckpt_loader_decode (CkptLoader *self, CkptReader *reader, CkptPickleInfo *info, GError **error)
{
  return ckpt_decode_pickle (reader, self->nodes, self->warnings, self->progress, self->progress_data,
                             self->cancellable, info, error);
}

/**
 * ckpt_loader_decode_root:
 * @self: a loader
 * @reader: where the pickle begins; left after its STOP
 * @info: (out): what was decoded
 *
 * Decodes the pickle that holds the checkpoint itself, makes its value the root of the tree and notes its protocol.
 *
 * Returns: FALSE with an error, as ckpt_loader_decode()
 */
gboolean
ckpt_loader_decode_root (CkptLoader *self, CkptReader *reader, CkptPickleInfo *info, GError **error)
{
  g_autofree char *protocol = NULL;

  if (!ckpt_loader_decode (self, reader, info, error))
    return FALSE;

  ckpt_tree_set_root (self->tree, info->root);
  protocol = g_strdup_printf ("%u", info->protocol);
  ckpt_tree_add_fact (self->tree, "protocol", protocol);
  return TRUE;
}
