/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void test_output_assert_content   (const char *path,
                                   const void *bytes,
                                   gsize       length);
/* That no temporary of @path is left, whether somebody holds it or not. */
void test_output_assert_no_strays (const char *path);

G_END_DECLS
