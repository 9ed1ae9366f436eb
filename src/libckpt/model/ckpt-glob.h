/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "io/ckpt-macros.h"

G_BEGIN_DECLS

/* Whether @pattern matches all of @text: "*", "?", "[abc]", "[a-z]", "[!a]"; anything else is itself. Not by locale. */
gboolean ckpt_glob_match    (const char *pattern,
                             const char *text);
gboolean ckpt_glob_is_plain (const char *pattern);

G_END_DECLS
