/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "io/ckpt-macros.h"

G_BEGIN_DECLS

/* Hashes with a random key, so that no file can be made whose names or keys all fall into one bucket. */
guint64 ckpt_hash_bytes (gconstpointer bytes,
                         gsize         length);
/* For a GHashTable of strings whose text comes from a file, with g_str_equal(). */
guint   ckpt_str_hash   (gconstpointer text);

G_END_DECLS
