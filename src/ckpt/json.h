/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <yyjson.h>

#include <ckpt.h>

#include "output.h"

G_BEGIN_DECLS

/* JSON that is written as it comes: nested objects and arrays, with values that yyjson makes and writes. All of it is ASCII. */
typedef struct _JsonStream JsonStream;

JsonStream     *json_stream_new          (Output           *output);
void            json_stream_free         (JsonStream       *self);
Output         *json_stream_get_output   (JsonStream       *self);
void            json_stream_begin_object (JsonStream       *self,
                                          const char       *key);
void            json_stream_begin_array  (JsonStream       *self,
                                          const char       *key);
void            json_stream_end          (JsonStream       *self);
void            json_stream_value        (JsonStream       *self,
                                          const char       *key,
                                          yyjson_mut_val   *value);
void            json_stream_members      (JsonStream       *self,
                                          yyjson_mut_val   *object);
void            json_stream_begin_raw    (JsonStream       *self,
                                          const char       *key);

yyjson_mut_val *json_text                (yyjson_mut_doc   *doc,
                                          const char       *text,
                                          gsize             length);
yyjson_mut_val *json_number              (yyjson_mut_doc   *doc,
                                          double            number);
void            json_add_text            (yyjson_mut_doc   *doc,
                                          yyjson_mut_val   *object,
                                          const char       *key,
                                          const char       *text);
void            json_add_place           (yyjson_mut_doc   *doc,
                                          yyjson_mut_val   *object,
                                          const CkptPlace  *place);
yyjson_mut_val *json_error               (yyjson_mut_doc   *doc,
                                          const GError     *error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (JsonStream, json_stream_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (yyjson_mut_doc, yyjson_mut_doc_free)

G_END_DECLS
