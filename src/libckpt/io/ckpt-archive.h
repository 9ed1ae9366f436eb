/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "io/ckpt-source.h"

G_BEGIN_DECLS

typedef struct _CkptArchive CkptArchive;

typedef enum
{
  CKPT_RECORD_STORED,
  CKPT_RECORD_DEFLATED,
  CKPT_RECORD_UNREADABLE, /* another compression, encrypted, ...: listed only */
} CkptRecordMethod;

/**
 * CkptRecord:
 * @name: as in the file, possibly not UTF-8; PyTorch calls the members of its zip "records"
 * @name_length: bytes of @name, which may hold NUL
 * @offset: byte of the file where its (compressed) bytes begin, or %CKPT_NO_OFFSET until it was asked for
 * @stored_size: bytes in the file
 * @size: bytes once unpacked
 * @crc: CRC-32 as the directory says; 0 may mean "not recorded"
 * @method: how it is packed
 * @is_repeated: whether another record has the same name; known once a name was looked for
 * @has_crc: whether the file says a CRC at all
 *
 * A named range of bytes of a file: a member of a zip, or one part of a container that has no names of its own.
 */
typedef struct
{
  char *name;
  gsize name_length;
  guint64 offset;
  guint64 stored_size;
  guint64 size;
  guint32 crc;
  CkptRecordMethod method;
  gboolean is_repeated;
  gboolean has_crc;
} CkptRecord;

/**
 * CkptLocateFunc:
 * @offset: (out): where the bytes of that record begin in the file
 *
 * Finds out where a record's bytes begin, for containers where that costs a read. Called under the archive's lock.
 */
typedef gboolean (*CkptLocateFunc) (gpointer    data,
                                    guint       index,
                                    guint64    *offset,
                                    GError    **error);

CkptArchive                  *ckpt_archive_new        (CkptSource      *source);
CKPT_EXPORT CkptArchive      *ckpt_archive_ref        (CkptArchive     *self);
CKPT_EXPORT void              ckpt_archive_unref      (CkptArchive     *self);
void                          ckpt_archive_set_locate (CkptArchive     *self,
                                                       CkptLocateFunc   locate,
                                                       gpointer         data,
                                                       GDestroyNotify   destroy);
guint                         ckpt_archive_add        (CkptArchive     *self,
                                                       const char      *name,
                                                       gssize           name_length,
                                                       guint64          offset,
                                                       guint64          size);
CkptRecord                   *ckpt_archive_edit       (CkptArchive     *self,
                                                       guint            index);
CKPT_EXPORT CkptSource       *ckpt_archive_get_source (CkptArchive     *self);
CKPT_EXPORT guint             ckpt_archive_get_n      (CkptArchive     *self);
CKPT_EXPORT const CkptRecord *ckpt_archive_get        (CkptArchive     *self,
                                                       guint            index);
CKPT_EXPORT gboolean          ckpt_archive_find       (CkptArchive     *self,
                                                       const char      *name,
                                                       guint           *index);
CKPT_EXPORT gboolean          ckpt_archive_locate     (CkptArchive     *self,
                                                       guint            index,
                                                       guint64         *offset,
                                                       GError         **error);
CKPT_EXPORT gboolean          ckpt_archive_read       (CkptArchive     *self,
                                                       guint            index,
                                                       guint64          offset,
                                                       gpointer         buffer,
                                                       gsize            length,
                                                       GError         **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptArchive, ckpt_archive_unref)

G_END_DECLS
