/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "io/ckpt-macros.h"

G_BEGIN_DECLS

/* Reads a Python literal at *@at, which moves on: text into @text, every other one into @literal in the form of ckpt_repr_append().
 * FALSE where there is none. */
gboolean ckpt_literal_parse (const char **at,
                             GString    **text,
                             char       **literal);

G_END_DECLS
