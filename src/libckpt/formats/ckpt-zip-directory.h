/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "io/ckpt-archive.h"
#include "io/ckpt-warnings.h"

G_BEGIN_DECLS

/* Lists the members of a zip as records of @archive, and lets it find out where they are. */
gboolean ckpt_zip_directory_read (CkptArchive   *archive,
                                  CkptWarnings  *warnings,
                                  GCancellable  *cancellable,
                                  GError       **error);

G_END_DECLS
