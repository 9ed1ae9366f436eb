/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "io/ckpt-source.h"
#include "io/ckpt-warnings.h"

G_BEGIN_DECLS

/* The code of the error when a zip has no end record, so that only its local headers are left to go by. */
#define CKPT_ZIP_NO_END "zip-no-end"

/**
 * CkptZipEnd:
 * @offset: byte of the file where the end record stands
 * @directory: byte of the file where the directory begins
 * @directory_size: its bytes
 * @n_entries: its entries
 *
 * What stands at the end of a zip and says where its directory is.
 */
typedef struct
{
  guint64 offset;
  guint64 directory;
  guint64 directory_size;
  guint64 n_entries;
} CkptZipEnd;

gboolean ckpt_zip_end_find (CkptSource    *source,
                            CkptWarnings  *warnings,
                            CkptZipEnd    *end,
                            GError       **error);

G_END_DECLS
