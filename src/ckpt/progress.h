/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How far a long call is, on the last line of a terminal; nothing elsewhere, and nothing in the first 0.3 s. */
typedef struct _Progress Progress;

Progress *progress_new  (const char *file);
void      progress_free (Progress   *self);
void      progress_tell (guint64     done,
                         guint64     total,
                         gpointer    progress);
void      progress_tell_bytes (guint64  done,
                         guint64     total,
                         gpointer    progress);
void      progress_pause  (Progress *self);
void      progress_resume (Progress *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Progress, progress_free)

G_END_DECLS
