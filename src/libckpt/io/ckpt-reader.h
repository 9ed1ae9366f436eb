/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "io/ckpt-archive.h"

G_BEGIN_DECLS

/* A cursor over one record, with a window of 64 KiB, that never reads past the record's end. For one thread. */
typedef struct _CkptReader CkptReader;

CkptReader   *ckpt_reader_new           (CkptArchive  *archive,
                                         guint         record);
CkptReader   *ckpt_reader_new_for_data  (const void   *data,
                                         gsize         length,
                                         const char   *name);
void          ckpt_reader_free          (CkptReader   *self);
const char   *ckpt_reader_get_record    (CkptReader   *self);
guint         ckpt_reader_get_record_index (CkptReader *self);
guint64       ckpt_reader_get_position  (CkptReader   *self);
guint64       ckpt_reader_get_remaining (CkptReader   *self);
guint64       ckpt_reader_get_file_offset (CkptReader *self,
                                         guint64       position);
/* The next @length bytes, at most 64 KiB, valid until the next call; NULL with CKPT_ERROR_TRUNCATED if fewer remain. */
const guint8 *ckpt_reader_take          (CkptReader   *self,
                                         gsize         length,
                                         GError      **error);
/* The bytes up to the next newline, which is passed over but not counted; valid until the next call. */
const guint8 *ckpt_reader_take_line     (CkptReader   *self,
                                         guint64       max_length,
                                         gsize        *length,
                                         GError      **error);
gboolean      ckpt_reader_copy          (CkptReader   *self,
                                         gpointer      buffer,
                                         gsize         length,
                                         GError      **error);
gboolean      ckpt_reader_skip          (CkptReader   *self,
                                         guint64       length,
                                         GError      **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptReader, ckpt_reader_free)

G_END_DECLS
