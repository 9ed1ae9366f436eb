/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "io/ckpt-macros.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * CkptSink:
 * @write: takes all of the bytes, or fails
 * @data: for @write
 *
 * Where a file that is written goes, piece by piece.
 */
typedef struct
{
  gboolean (*write) (gpointer      data,
                     const void   *bytes,
                     gsize         length,
                     GError      **error);
  gpointer data;
} CkptSink;

G_END_DECLS
