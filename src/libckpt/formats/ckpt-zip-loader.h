/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "formats/ckpt-loader.h"
#include "formats/ckpt-zip-names.h"

G_BEGIN_DECLS

/**
 * CkptZipLoader:
 * @names: the records by their names
 * @is_used: (array): for each record whether the checkpoint uses it
 * @version: the record with the version, or %CKPT_NO_RECORD
 * @can_read: whether the byte order of the storages is known
 *
 * What is known of a zip while its checkpoint is being read.
 */
typedef struct
{
  CkptLoader *loader;
  CkptZipNames *names;
  gboolean *is_used;
  guint version;
  gboolean can_read;
  gboolean is_big_endian;
} CkptZipLoader;

/* What version, byteorder and the like say: in ckpt-zip-facts.c. */
gboolean ckpt_zip_loader_read_facts       (CkptZipLoader  *self,
                                           GError        **error);
void     ckpt_zip_loader_check_version    (CkptZipLoader  *self);
gboolean ckpt_zip_loader_can_ignore       (GError        **local_error,
                                           GError        **error);
/* Gives the storages of the tree their records: in ckpt-torch-zip.c; @user_data is a CkptZipLoader. */
gboolean ckpt_zip_loader_locate_storages  (CkptTree       *tree,
                                           gpointer        user_data,
                                           GError        **error);
/* Compares the CRC of a record that is read whole: in ckpt-zip-checks.c, as is what follows. */
gboolean ckpt_zip_loader_check_crc        (CkptZipLoader  *self,
                                           guint           record,
                                           GError        **error);
/* Warns of what follows the STOP of a pickle. */
gboolean ckpt_zip_loader_check_stop       (CkptZipLoader  *self,
                                           guint           record,
                                           guint64         end,
                                           GError        **error);
/* Warns of pickles in records that the checkpoint does not use. */
gboolean ckpt_zip_loader_check_unused     (CkptZipLoader  *self,
                                           GError        **error);

G_END_DECLS
