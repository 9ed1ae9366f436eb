/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Files that a test makes, in a folder of the process that is removed when it ends. All give a path to free. */
char   *test_files_path  (const char *name);
char   *test_files_write (const char *name,
                          const void *data,
                          gsize       length);
/* Bytes that look like nothing, the same in every run. */
guint8 *test_files_noise (gsize       length);

G_END_DECLS
