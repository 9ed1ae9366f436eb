/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "io/ckpt-error.h"

G_BEGIN_DECLS

struct stat;

typedef struct _CkptSource CkptSource;

/**
 * CkptIdentity:
 *
 * What tells a file from another one, and from itself after a change (device, inode, size and both times in ns).
 */
typedef struct
{
  guint64 dev;
  guint64 ino;
  guint64 size;
  gint64 mtime_ns;
  gint64 ctime_ns;
} CkptIdentity;

/**
 * CkptSourceCounts:
 * @n_reads: calls of pread()
 * @n_bytes: bytes that they returned
 */
typedef struct
{
  guint64 n_reads;
  guint64 n_bytes;
} CkptSourceCounts;

CkptIdentity                    ckpt_identity_from_stat  (const struct stat  *status);
gboolean                        ckpt_identity_equal      (const CkptIdentity *a,
                                                          const CkptIdentity *b);

CKPT_EXPORT CkptSource         *ckpt_source_open         (const char         *path,
                                                          GError            **error);
CkptSource                     *ckpt_source_take_fd      (int                 fd,
                                                          const char         *path,
                                                          GError            **error);
CKPT_EXPORT CkptSource         *ckpt_source_ref          (CkptSource         *self);
CKPT_EXPORT void                ckpt_source_unref        (CkptSource         *self);
CKPT_EXPORT const char         *ckpt_source_get_path     (CkptSource         *self);
CKPT_EXPORT guint64             ckpt_source_get_size     (CkptSource         *self);
CKPT_EXPORT const CkptIdentity *ckpt_source_get_identity (CkptSource         *self);
CKPT_EXPORT gboolean            ckpt_source_has_changed  (CkptSource         *self,
                                                          gboolean           *replaced);
gboolean                        ckpt_source_check_unwritten (CkptSource      *self,
                                                          GError            **error);
gboolean                        ckpt_source_check_same   (CkptSource         *self,
                                                          GError            **error);
gboolean                        ckpt_source_check_range  (CkptSource         *self,
                                                          guint64             offset,
                                                          guint64             length,
                                                          GError            **error);
gboolean                        ckpt_source_set_end_error (CkptSource        *self,
                                                          guint64             offset,
                                                          guint64             n_wanted,
                                                          guint64             n_there,
                                                          GError            **error);
int                             ckpt_source_get_fd       (CkptSource         *self);
CKPT_EXPORT void                ckpt_source_get_counts   (CkptSource         *self,
                                                          CkptSourceCounts   *counts);
CKPT_EXPORT gboolean            ckpt_source_read         (CkptSource         *self,
                                                          guint64             offset,
                                                          gpointer            buffer,
                                                          gsize               length,
                                                          GError            **error);
gboolean                        ckpt_source_read_some    (CkptSource         *self,
                                                          guint64             offset,
                                                          gpointer            buffer,
                                                          gsize               length,
                                                          gsize              *n_read,
                                                          GError            **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptSource, ckpt_source_unref)

G_END_DECLS
