/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "formats/ckpt-write.h"
#include "io/ckpt-output.h"

G_BEGIN_DECLS

/**
 * CkptSaveOptions:
 * @write: what to write
 * @flags: what a person agreed to
 *
 * How to save a checkpoint.
 */
typedef struct
{
  CkptWriteOptions write;
  CkptOutputFlags flags;
} CkptSaveOptions;

/**
 * CkptSaveReport:
 * @n_bytes: bytes of the new file
 * @counts: how they came into it
 * @n_verified: bytes that were read again and compared
 * @write_seconds: how long it took to write the file
 * @verify_seconds: to look at it
 * @commit_seconds: to have it confirmed by the disk and put in its place
 * @notes: (element-type utf8): what a person should know: sentences
 *
 * What saving came to. All zero at first, and cleared with ckpt_save_report_clear().
 */
typedef struct
{
  guint64 n_bytes;
  CkptOutputCounts counts;
  guint64 n_verified;
  double write_seconds;
  double verify_seconds;
  double commit_seconds;
  GPtrArray *notes;
} CkptSaveReport;

CKPT_EXPORT gboolean ckpt_save              (CkptTree              *tree,
                                             const char            *path,
                                             const CkptSaveOptions *options,
                                             CkptProgressFunc       progress,
                                             gpointer               progress_data,
                                             GCancellable          *cancellable,
                                             CkptSaveReport        *report,
                                             GError               **error);
CKPT_EXPORT void     ckpt_save_async        (CkptTree              *tree,
                                             const char            *path,
                                             const CkptSaveOptions *options,
                                             CkptProgressFunc       progress,
                                             gpointer               progress_data,
                                             GCancellable          *cancellable,
                                             GAsyncReadyCallback    callback,
                                             gpointer               user_data);
CKPT_EXPORT gboolean ckpt_save_finish       (GAsyncResult          *result,
                                             CkptSaveReport        *report,
                                             GError               **error);
CKPT_EXPORT void     ckpt_save_report_clear (CkptSaveReport        *report);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CkptSaveReport, ckpt_save_report_clear)

G_END_DECLS
