/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/ckpt-output.h"

G_BEGIN_DECLS

/* The user that a test becomes where root would be let do anything. */
#define TEST_OUTPUT_NOBODY 65534

void     test_output_assert_content   (const char              *path,
                                       const void              *bytes,
                                       gsize                    length);
/* That no temporary of @path is left, whether somebody holds it or not. */
void     test_output_assert_no_strays (const char              *path);
/* Saves "new" at @path. */
gboolean test_output_save             (const char              *path,
                                       const CkptOutputOptions *options,
                                       CkptOutputNotes         *notes,
                                       GError                 **error);
/* That "new" cannot be saved at @path, for the reason @code, with @consent as what would help; and that nothing is left of it. */
void     test_output_assert_refused   (const char              *path,
                                       const CkptOutputOptions *options,
                                       const char              *code,
                                       CkptOutputFlags          consent);
/* Makes a folder within that of the test, or a file in it. All give a path to free. */
char    *test_output_make_folder      (const char              *name,
                                       guint                    mode);
char    *test_output_make_file        (const char              *folder,
                                       const char              *name,
                                       guint                    mode);
/* Becomes another user if this one is root, until test_output_be_root(). Files that a test made belong to that one too. */
void     test_output_be_nobody        (void);
void     test_output_be_root          (void);
/* And is let do what root can. */
gboolean test_output_is_root          (void);

G_END_DECLS
