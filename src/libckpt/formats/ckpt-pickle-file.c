/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "formats/ckpt-format.h"

#include "pickle/ckpt-opcodes.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Pickles of protocol 0 and 1 have no mark of their own. The files that people have begin by opening a container or naming a class. */
#define TEXT_PICKLE_STARTS "(]}c"

static void
count_opcode (guint64 position, guint8 opcode, gpointer user_data)
{
  guint *n = user_data;

  (*n)++;
}

/* Text such as "click here" also begins with an opcode; a pickle goes on to be one, as far as the head shows. */
static gboolean
looks_like_text_pickle (const guint8 *head, gsize length)
{
  g_autoptr (CkptReader) reader = NULL;
  g_autoptr (GError) error = NULL;
  guint n_opcodes = 0;

  if (length == 0 || strchr (TEXT_PICKLE_STARTS, head[0]) == NULL)
    return FALSE;

  reader = ckpt_reader_new_for_data (head, length, "pickle");
  if (ckpt_scan_pickle (reader, count_opcode, &n_opcodes, &error))
    return TRUE;

  return length == CKPT_PROBE_SIZE && n_opcodes > 8 &&
         g_error_matches (error, CKPT_ERROR, CKPT_ERROR_TRUNCATED);
}

static gboolean
recognises_pickle (const guint8 *head, gsize length, guint64 file_size)
{
  if (length >= 3 && head[0] == CKPT_OP_PROTO)
    return head[1] <= 5;

  return looks_like_text_pickle (head, length);
}

/* torch.load() stops at STOP as well, so what follows does not count, but nobody writes such files by accident. */
static void
warn_of_rest (CkptLoader *loader, const CkptPickleInfo *info)
{
  guint64 rest = ckpt_source_get_size (loader->source) - info->end;
  guint8 next[4] = { 0 };

  if (rest == 0)
    return;

  if (rest >= sizeof next && ckpt_source_read (loader->source, info->end, next, sizeof next, NULL) &&
      memcmp (next, "PK\003\004", sizeof next) == 0)
    ckpt_warnings_add (
        loader->warnings, "zip-after-pickle", "pickle", info->end,
        _ ("A zip archive begins after the pickle ends. It is not shown: PyTorch does not look at it either."));
  else
    ckpt_warnings_add (loader->warnings, "bytes-after-stop", "pickle", info->end,
                       _ ("%" G_GUINT64_FORMAT " bytes follow the end of the pickle. They are not shown."),
                       rest);
}

static gboolean
load_pickle (CkptLoader *loader, GError **error)
{
  g_autoptr (CkptReader) reader = NULL;
  CkptPickleInfo info;
  guint record;

  record = ckpt_archive_add (loader->archive, "pickle", -1, 0, ckpt_source_get_size (loader->source));
  reader = ckpt_reader_new (loader->archive, record);
  ckpt_tree_set_container (loader->tree, CKPT_CONTAINER_PICKLE,
                           _ ("Python pickle without a PyTorch container"));

  if (!ckpt_loader_decode_root (loader, reader, &info, error))
    return FALSE;

  warn_of_rest (loader, &info);
  return ckpt_tree_recognise (loader->tree, CKPT_PERSISTENT_ZIP, NULL, NULL, error);
}

const CkptFormat ckpt_format_pickle = {
  .name = "pickle",
  .recognises = recognises_pickle,
  .load = load_pickle,
};
