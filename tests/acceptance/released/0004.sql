BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0004');
CREATE TABLE assignments (
	job_id VARCHAR NOT NULL, 
	id VARCHAR NOT NULL, 
	principal_id VARCHAR NOT NULL, 
	app_role_id VARCHAR NOT NULL, 
	PRIMARY KEY (job_id, id)
);
INSERT INTO "assignments" VALUES('engagedly','everybody/00000000-0000-0000-0000-000000000000','everybody','00000000-0000-0000-0000-000000000000');
INSERT INTO "assignments" VALUES('other','a1','ada','00000000-0000-0000-0000-000000000000');
CREATE TABLE connections (
	job_id VARCHAR NOT NULL, 
	object_type VARCHAR NOT NULL, 
	source_id VARCHAR NOT NULL, 
	target_anchor VARCHAR NOT NULL, 
	target_url VARCHAR NOT NULL, 
	matching_attribute VARCHAR NOT NULL, 
	matching_value VARCHAR NOT NULL, 
	external_id VARCHAR, 
	managed BOOLEAN NOT NULL, 
	disabled BOOLEAN NOT NULL, 
	"references" TEXT NOT NULL, 
	staged VARCHAR, 
	PRIMARY KEY (job_id, object_type, source_id), 
	CONSTRAINT one_link_per_target UNIQUE (job_id, object_type, target_anchor)
);
INSERT INTO "connections" VALUES('engagedly','User','id-000','6754c189-c368-45ed-813c-fe52219900e1','http://target.example/scim/v2','userName','user000@contoso.com','id-000',1,0,'{}',NULL);
INSERT INTO "connections" VALUES('engagedly','User','id-001','03321153-2bfc-43e1-b5bf-6639356fcfeb','http://target.example/scim/v2','userName','user001@contoso.com','id-001',1,0,'{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager":["id-002"]}',NULL);
INSERT INTO "connections" VALUES('engagedly','User','id-002','a7507666-1cfe-440c-a3ec-5739a86fdc5f','http://target.example/scim/v2','userName','user002@contoso.com','id-002',1,0,'{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager":["id-001"]}',NULL);
INSERT INTO "connections" VALUES('engagedly','User','id-005','dd6b61fe-6f54-4ee3-90ef-4d856841347c','http://target.example/scim/v2','userName','user005@contoso.com','id-005',1,0,'{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager":["id-000"]}',NULL);
INSERT INTO "connections" VALUES('engagedly','User','id-003','30bf1495-da46-4cbb-8eb4-d7562fecdb11','http://target.example/scim/v2','userName','user003@contoso.com','id-003',1,0,'{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager":["id-003"]}',NULL);
INSERT INTO "connections" VALUES('engagedly','User','id-004','4b5c7dbd-ede7-4762-a0e5-269b3b7ecf09','http://target.example/scim/v2','userName','user004@contoso.com','id-004',1,0,'{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager":["id-005"]}',NULL);
INSERT INTO "connections" VALUES('other','User','ada','t1','http://127.0.0.1/scim','userName','ada',NULL,1,0,'{"manager":["boss"]}',NULL);
INSERT INTO "connections" VALUES('other','Group','Sales','g1','http://127.0.0.1/scim','userName','Sales',NULL,1,0,'{"manager":["boss"]}',NULL);
CREATE TABLE cycles (
	id VARCHAR NOT NULL, 
	job_id VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	scope VARCHAR NOT NULL, 
	schema_fingerprint VARCHAR NOT NULL, 
	force_deletes BOOLEAN NOT NULL, 
	overtaken BOOLEAN NOT NULL, 
	began_at DATETIME NOT NULL, 
	state VARCHAR NOT NULL, 
	execution TEXT, 
	PRIMARY KEY (id)
);
INSERT INTO "cycles" VALUES('9cc32d6b-6336-443f-be94-0c4210178fd7','engagedly','initial','assigned','2d6f6feba4f588e1ffe7d1e1ada1a3c5',0,0,'2026-11-25 18:27:58.205187','Succeeded','{"cycle":{"id":"9cc32d6b-6336-443f-be94-0c4210178fd7","job_id":"engagedly","kind":"initial","began_at":"2026-11-25T18:27:58.205187Z","reason":"it is the first cycle"},"state":"Succeeded","counts":{"imported":7,"in_scope":6,"created":6,"updated":5,"disabled":0,"enabled":0,"deleted":0,"staged_deletes":0,"skipped":0,"escrowed":0},"ended_at":"2026-11-25T18:27:58.655328Z","requests":{"GET":12,"PATCH":5,"POST":6},"error":null,"health":{"quarantine":null,"successive_failures":0,"exhausted":false}}');
INSERT INTO "cycles" VALUES('54c44d06-2994-4e0b-a30b-9c535cae7286','other','initial','assigned','first',0,0,'2026-01-05 08:00:00.000000','Succeeded','{"cycle":{"id":"54c44d06-2994-4e0b-a30b-9c535cae7286","job_id":"other","kind":"initial","began_at":"2026-01-05T08:00:00Z","reason":""},"state":"Succeeded","counts":{"imported":0,"in_scope":0,"created":2,"updated":0,"disabled":0,"enabled":0,"deleted":0,"staged_deletes":0,"skipped":0,"escrowed":0},"ended_at":"2026-01-05T08:00:00Z","requests":{},"error":null,"health":{"quarantine":{"reason":"TooManyDeletes","code":"TooManyDeletes","message":"three would leave","series_began_at":"2026-01-05T08:00:00Z","series_count":1,"began_at":"2026-01-05T08:00:00Z","cycle_id":"cycle-7","next_attempt_at":"2026-01-05T08:00:00Z","announced":null},"successive_failures":2,"exhausted":false}}');
INSERT INTO "cycles" VALUES('576ea380-3893-4c3f-be1c-d2894791ecde','other','incremental','assigned','first',0,0,'2026-01-05 08:00:00.000000','Running',NULL);
CREATE TABLE escrows (
	job_id VARCHAR NOT NULL, 
	object_type VARCHAR NOT NULL, 
	source_id VARCHAR NOT NULL, 
	operation VARCHAR NOT NULL, 
	error_code VARCHAR NOT NULL, 
	message TEXT NOT NULL, 
	first_failed_at DATETIME NOT NULL, 
	attempts INTEGER NOT NULL, 
	next_due_at DATETIME NOT NULL, 
	PRIMARY KEY (job_id, object_type, source_id)
);
INSERT INTO "escrows" VALUES('other','User','eve','create','EntryConflict','taken','2026-01-05 08:00:00.000000',1,'2026-01-05 14:00:00.000000');
CREATE TABLE intents (
	job_id VARCHAR NOT NULL, 
	object_type VARCHAR NOT NULL, 
	source_id VARCHAR NOT NULL, 
	matching_attribute VARCHAR NOT NULL, 
	matching_value VARCHAR NOT NULL, 
	external_id VARCHAR, 
	opened_at DATETIME NOT NULL, 
	PRIMARY KEY (job_id, object_type, source_id)
);
INSERT INTO "intents" VALUES('other','User','bob','userName','bob','external','2026-01-05 08:00:00.000000');
CREATE TABLE job_definitions (
	id VARCHAR NOT NULL, 
	graph_id VARCHAR NOT NULL, 
	service_principal_id VARCHAR NOT NULL, 
	application TEXT NOT NULL, 
	template_id VARCHAR NOT NULL, 
	schema_text TEXT NOT NULL, 
	interval_seconds INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	removed_at DATETIME, 
	PRIMARY KEY (id), 
	CONSTRAINT one_job_per_graph_id UNIQUE (graph_id)
);
INSERT INTO "job_definitions" VALUES('slack-0b7ac4e8','scim.contoso.slack-0b7ac4e8','5f0ad8e2-0d0c-4b8a-9f0c-1f0e6a4f6a11','Slack','customappsso','{"synchronizationRules": []}',2400,'2026-01-05 08:00:00.000000',NULL);
CREATE TABLE jobs (
	id VARCHAR NOT NULL, 
	schedule VARCHAR NOT NULL, 
	watermark TEXT, 
	scope VARCHAR, 
	schema_fingerprint VARCHAR, 
	source_size TEXT, 
	force_deletes BOOLEAN NOT NULL, 
	quarantine TEXT, 
	cycle_wanted_at DATETIME, 
	last_started_at DATETIME, 
	running_cycle_id VARCHAR, successive_failures INTEGER DEFAULT '0' NOT NULL, read_to TEXT, 
	PRIMARY KEY (id)
);
INSERT INTO "jobs" VALUES('engagedly','Active','ac82e838091820da4227cf0bb5e0aea1','assigned','2d6f6feba4f588e1ffe7d1e1ada1a3c5','{"users":6,"groups":1,"assignments":1}',0,NULL,NULL,'2026-11-25 18:27:58.205187',NULL,0,'ac82e838091820da4227cf0bb5e0aea1');
INSERT INTO "jobs" VALUES('other','Active','w1','assigned','first','{"users":3,"groups":2,"assignments":1}',0,'{"reason":"TooManyDeletes","code":"TooManyDeletes","message":"three would leave","series_began_at":"2026-01-05T08:00:00Z","series_count":1,"began_at":"2026-01-05T08:00:00Z","cycle_id":"cycle-7","next_attempt_at":"2026-01-05T08:00:00Z","announced":null}',NULL,'2026-01-05 08:00:00.000000','576ea380-3893-4c3f-be1c-d2894791ecde',2,NULL);
CREATE TABLE memberships (
	job_id VARCHAR NOT NULL, 
	object_type VARCHAR NOT NULL, 
	source_id VARCHAR NOT NULL, 
	attribute VARCHAR NOT NULL, 
	member_type VARCHAR NOT NULL, 
	member_id VARCHAR NOT NULL, 
	target_anchor VARCHAR NOT NULL, 
	PRIMARY KEY (job_id, object_type, source_id, attribute, member_type, member_id)
);
INSERT INTO "memberships" VALUES('other','Group','Sales','members','User','ada','t1');
CREATE TABLE provisioning_log (
	number INTEGER NOT NULL, 
	id VARCHAR NOT NULL, 
	job_id VARCHAR NOT NULL, 
	cycle_id VARCHAR NOT NULL, 
	action VARCHAR NOT NULL, 
	status VARCHAR NOT NULL, 
	folded_source_id VARCHAR NOT NULL, 
	folded_source_name VARCHAR NOT NULL, 
	folded_target_id VARCHAR, 
	record TEXT NOT NULL, activity_at DATETIME, 
	PRIMARY KEY (number), 
	CONSTRAINT one_record_per_id UNIQUE (id)
);
INSERT INTO "provisioning_log" VALUES(1,'c8656b90-eb1b-42e0-bad0-e8edd6ab37c5','engagedly','9cc32d6b-6336-443f-be94-0c4210178fd7','create','success','id-001','user001@contoso.com','03321153-2bfc-43e1-b5bf-6639356fcfeb','{"id":"c8656b90-eb1b-42e0-bad0-e8edd6ab37c5","job_id":"engagedly","cycle_id":"9cc32d6b-6336-443f-be94-0c4210178fd7","activity_at":"2026-11-25T18:27:58.239540Z","duration_ms":71,"action":"create","status":"success","object_type":"User","source_id":"id-001","source_name":"user001@contoso.com","target_id":"03321153-2bfc-43e1-b5bf-6639356fcfeb","initiated_by":"entrasim","error_code":null,"error_message":null,"steps":[{"step":"import","status":"success","description":"Read User user001@contoso.com","details":{"id":"id-001","presence":"present"},"code":null},{"step":"scoping","status":"success","description":"In scope: member of Everybody","details":{"active in the source":"True","assigned to the application":"True"},"code":null},{"step":"matching","status":"success","description":"Nobody in the target has userName \"user001@contoso.com\"","details":{"userName":"user001@contoso.com"},"code":null},{"step":"processing","status":"success","description":"8 attributes to send","details":{"attributes":"userName, active, displayName, emails[type eq \"work\"].value, name.givenName, name.familyName, name.formatted, externalId"},"code":null},{"step":"export","status":"success","description":"In scope, and not in the target yet","details":{},"code":null}],"changes":[{"attribute":"userName","before":null,"after":"user001@contoso.com","redacted":false},{"attribute":"active","before":null,"after":true,"redacted":false},{"attribute":"displayName","before":null,"after":"user001","redacted":false},{"attribute":"emails[type eq \"work\"].value","before":null,"after":"user001@contoso.com","redacted":false},{"attribute":"name.givenName","before":null,"after":"user001","redacted":false},{"attribute":"name.familyName","before":null,"after":"Example","redacted":false},{"attribute":"name.formatted","before":null,"after":"user001 Example","redacted":false},{"attribute":"externalId","before":null,"after":"id-001","redacted":false}]}','2026-11-25 18:27:58.239540');
INSERT INTO "provisioning_log" VALUES(2,'7ba58582-d63a-4d2e-92e5-1f8789d0e1e0','engagedly','9cc32d6b-6336-443f-be94-0c4210178fd7','create','success','id-000','user000@contoso.com','6754c189-c368-45ed-813c-fe52219900e1','{"id":"7ba58582-d63a-4d2e-92e5-1f8789d0e1e0","job_id":"engagedly","cycle_id":"9cc32d6b-6336-443f-be94-0c4210178fd7","activity_at":"2026-11-25T18:27:58.238779Z","duration_ms":116,"action":"create","status":"success","object_type":"User","source_id":"id-000","source_name":"user000@contoso.com","target_id":"6754c189-c368-45ed-813c-fe52219900e1","initiated_by":"entrasim","error_code":null,"error_message":null,"steps":[{"step":"import","status":"success","description":"Read User user000@contoso.com","details":{"id":"id-000","presence":"present"},"code":null},{"step":"scoping","status":"success","description":"In scope: member of Everybody","details":{"active in the source":"True","assigned to the application":"True"},"code":null},{"step":"matching","status":"success","description":"Nobody in the target has userName \"user000@contoso.com\"","details":{"userName":"user000@contoso.com"},"code":null},{"step":"processing","status":"success","description":"8 attributes to send","details":{"attributes":"userName, active, displayName, emails[type eq \"work\"].value, name.givenName, name.familyName, name.formatted, externalId"},"code":null},{"step":"export","status":"success","description":"In scope, and not in the target yet","details":{},"code":null}],"changes":[{"attribute":"userName","before":null,"after":"user000@contoso.com","redacted":false},{"attribute":"active","before":null,"after":true,"redacted":false},{"attribute":"displayName","before":null,"after":"user000","redacted":false},{"attribute":"emails[type eq \"work\"].value","before":null,"after":"user000@contoso.com","redacted":false},{"attribute":"name.givenName","before":null,"after":"user000","redacted":false},{"attribute":"name.familyName","before":null,"after":"Example","redacted":false},{"attribute":"name.formatted","before":null,"after":"user000 Example","redacted":false},{"attribute":"externalId","before":null,"after":"id-000","redacted":false}]}','2026-11-25 18:27:58.238779');
INSERT INTO "provisioning_log" VALUES(3,'1ed1f449-fcc4-4a73-ae46-7cd0101d31ac','engagedly','9cc32d6b-6336-443f-be94-0c4210178fd7','create','success','id-002','user002@contoso.com','a7507666-1cfe-440c-a3ec-5739a86fdc5f','{"id":"1ed1f449-fcc4-4a73-ae46-7cd0101d31ac","job_id":"engagedly","cycle_id":"9cc32d6b-6336-443f-be94-0c4210178fd7","activity_at":"2026-11-25T18:27:58.240036Z","duration_ms":126,"action":"create","status":"success","object_type":"User","source_id":"id-002","source_name":"user002@contoso.com","target_id":"a7507666-1cfe-440c-a3ec-5739a86fdc5f","initiated_by":"entrasim","error_code":null,"error_message":null,"steps":[{"step":"import","status":"success","description":"Read User user002@contoso.com","details":{"id":"id-002","presence":"present"},"code":null},{"step":"scoping","status":"success","description":"In scope: member of Everybody","details":{"active in the source":"True","assigned to the application":"True"},"code":null},{"step":"matching","status":"success","description":"Nobody in the target has userName \"user002@contoso.com\"","details":{"userName":"user002@contoso.com"},"code":null},{"step":"processing","status":"success","description":"8 attributes to send","details":{"attributes":"userName, active, displayName, emails[type eq \"work\"].value, name.givenName, name.familyName, name.formatted, externalId"},"code":null},{"step":"export","status":"success","description":"In scope, and not in the target yet","details":{},"code":null}],"changes":[{"attribute":"userName","before":null,"after":"user002@contoso.com","redacted":false},{"attribute":"active","before":null,"after":true,"redacted":false},{"attribute":"displayName","before":null,"after":"user002","redacted":false},{"attribute":"emails[type eq \"work\"].value","before":null,"after":"user002@contoso.com","redacted":false},{"attribute":"name.givenName","before":null,"after":"user002","redacted":false},{"attribute":"name.familyName","before":null,"after":"Example","redacted":false},{"attribute":"name.formatted","before":null,"after":"user002 Example","redacted":false},{"attribute":"externalId","before":null,"after":"id-002","redacted":false}]}','2026-11-25 18:27:58.240036');
INSERT INTO "provisioning_log" VALUES(4,'05a375b0-e42e-41de-895b-cfa7b8f9171d','engagedly','9cc32d6b-6336-443f-be94-0c4210178fd7','create','success','id-005','user005@contoso.com','dd6b61fe-6f54-4ee3-90ef-4d856841347c','{"id":"05a375b0-e42e-41de-895b-cfa7b8f9171d","job_id":"engagedly","cycle_id":"9cc32d6b-6336-443f-be94-0c4210178fd7","activity_at":"2026-11-25T18:27:58.240384Z","duration_ms":146,"action":"create","status":"success","object_type":"User","source_id":"id-005","source_name":"user005@contoso.com","target_id":"dd6b61fe-6f54-4ee3-90ef-4d856841347c","initiated_by":"entrasim","error_code":null,"error_message":null,"steps":[{"step":"import","status":"success","description":"Read User user005@contoso.com","details":{"id":"id-005","presence":"present"},"code":null},{"step":"scoping","status":"success","description":"In scope: member of Everybody","details":{"active in the source":"True","assigned to the application":"True"},"code":null},{"step":"matching","status":"success","description":"Nobody in the target has userName \"user005@contoso.com\"","details":{"userName":"user005@contoso.com"},"code":null},{"step":"processing","status":"success","description":"8 attributes to send","details":{"attributes":"userName, active, displayName, emails[type eq \"work\"].value, name.givenName, name.familyName, name.formatted, externalId"},"code":null},{"step":"export","status":"success","description":"In scope, and not in the target yet","details":{},"code":null}],"changes":[{"attribute":"userName","before":null,"after":"user005@contoso.com","redacted":false},{"attribute":"active","before":null,"after":true,"redacted":false},{"attribute":"displayName","before":null,"after":"user005","redacted":false},{"attribute":"emails[type eq \"work\"].value","before":null,"after":"user005@contoso.com","redacted":false},{"attribute":"name.givenName","before":null,"after":"user005","redacted":false},{"attribute":"name.familyName","before":null,"after":"Example","redacted":false},{"attribute":"name.formatted","before":null,"after":"user005 Example","redacted":false},{"attribute":"externalId","before":null,"after":"id-005","redacted":false}]}','2026-11-25 18:27:58.240384');
INSERT INTO "provisioning_log" VALUES(5,'e4a9f57e-203a-47b0-9b4c-81f9a188894d','engagedly','9cc32d6b-6336-443f-be94-0c4210178fd7','create','success','id-003','user003@contoso.com','30bf1495-da46-4cbb-8eb4-d7562fecdb11','{"id":"e4a9f57e-203a-47b0-9b4c-81f9a188894d","job_id":"engagedly","cycle_id":"9cc32d6b-6336-443f-be94-0c4210178fd7","activity_at":"2026-11-25T18:27:58.240133Z","duration_ms":178,"action":"create","status":"success","object_type":"User","source_id":"id-003","source_name":"user003@contoso.com","target_id":"30bf1495-da46-4cbb-8eb4-d7562fecdb11","initiated_by":"entrasim","error_code":null,"error_message":null,"steps":[{"step":"import","status":"success","description":"Read User user003@contoso.com","details":{"id":"id-003","presence":"present"},"code":null},{"step":"scoping","status":"success","description":"In scope: member of Everybody","details":{"active in the source":"True","assigned to the application":"True"},"code":null},{"step":"matching","status":"success","description":"Nobody in the target has userName \"user003@contoso.com\"","details":{"userName":"user003@contoso.com"},"code":null},{"step":"processing","status":"success","description":"8 attributes to send","details":{"attributes":"userName, active, displayName, emails[type eq \"work\"].value, name.givenName, name.familyName, name.formatted, externalId"},"code":null},{"step":"export","status":"success","description":"In scope, and not in the target yet","details":{},"code":null}],"changes":[{"attribute":"userName","before":null,"after":"user003@contoso.com","redacted":false},{"attribute":"active","before":null,"after":true,"redacted":false},{"attribute":"displayName","before":null,"after":"user003","redacted":false},{"attribute":"emails[type eq \"work\"].value","before":null,"after":"user003@contoso.com","redacted":false},{"attribute":"name.givenName","before":null,"after":"user003","redacted":false},{"attribute":"name.familyName","before":null,"after":"Example","redacted":false},{"attribute":"name.formatted","before":null,"after":"user003 Example","redacted":false},{"attribute":"externalId","before":null,"after":"id-003","redacted":false}]}','2026-11-25 18:27:58.240133');
INSERT INTO "provisioning_log" VALUES(6,'93886aaa-7a7e-46a0-b44a-3e2e77d7fe31','engagedly','9cc32d6b-6336-443f-be94-0c4210178fd7','create','success','id-004','user004@contoso.com','4b5c7dbd-ede7-4762-a0e5-269b3b7ecf09','{"id":"93886aaa-7a7e-46a0-b44a-3e2e77d7fe31","job_id":"engagedly","cycle_id":"9cc32d6b-6336-443f-be94-0c4210178fd7","activity_at":"2026-11-25T18:27:58.240194Z","duration_ms":194,"action":"create","status":"success","object_type":"User","source_id":"id-004","source_name":"user004@contoso.com","target_id":"4b5c7dbd-ede7-4762-a0e5-269b3b7ecf09","initiated_by":"entrasim","error_code":null,"error_message":null,"steps":[{"step":"import","status":"success","description":"Read User user004@contoso.com","details":{"id":"id-004","presence":"present"},"code":null},{"step":"scoping","status":"success","description":"In scope: member of Everybody","details":{"active in the source":"True","assigned to the application":"True"},"code":null},{"step":"matching","status":"success","description":"Nobody in the target has userName \"user004@contoso.com\"","details":{"userName":"user004@contoso.com"},"code":null},{"step":"processing","status":"success","description":"8 attributes to send","details":{"attributes":"userName, active, displayName, emails[type eq \"work\"].value, name.givenName, name.familyName, name.formatted, externalId"},"code":null},{"step":"export","status":"success","description":"In scope, and not in the target yet","details":{},"code":null}],"changes":[{"attribute":"userName","before":null,"after":"user004@contoso.com","redacted":false},{"attribute":"active","before":null,"after":true,"redacted":false},{"attribute":"displayName","before":null,"after":"user004","redacted":false},{"attribute":"emails[type eq \"work\"].value","before":null,"after":"user004@contoso.com","redacted":false},{"attribute":"name.givenName","before":null,"after":"user004","redacted":false},{"attribute":"name.familyName","before":null,"after":"Example","redacted":false},{"attribute":"name.formatted","before":null,"after":"user004 Example","redacted":false},{"attribute":"externalId","before":null,"after":"id-004","redacted":false}]}','2026-11-25 18:27:58.240194');
INSERT INTO "provisioning_log" VALUES(7,'18821c44-a9fd-4e35-a381-ada89d5339ad','engagedly','9cc32d6b-6336-443f-be94-0c4210178fd7','update','success','id-001','user001@contoso.com','03321153-2bfc-43e1-b5bf-6639356fcfeb','{"id":"18821c44-a9fd-4e35-a381-ada89d5339ad","job_id":"engagedly","cycle_id":"9cc32d6b-6336-443f-be94-0c4210178fd7","activity_at":"2026-11-25T18:27:58.435369Z","duration_ms":83,"action":"update","status":"success","object_type":"User","source_id":"id-001","source_name":"user001@contoso.com","target_id":"03321153-2bfc-43e1-b5bf-6639356fcfeb","initiated_by":"entrasim","error_code":null,"error_message":null,"steps":[{"step":"import","status":"success","description":"Read User user001@contoso.com","details":{"id":"id-001","presence":"present"},"code":null},{"step":"processing","status":"success","description":"1 attributes to send","details":{"attributes":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager"},"code":null},{"step":"export","status":"success","description":"Changed: urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager","details":{},"code":null}],"changes":[{"attribute":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager","before":null,"after":"a7507666-1cfe-440c-a3ec-5739a86fdc5f","redacted":false}]}','2026-11-25 18:27:58.435369');
INSERT INTO "provisioning_log" VALUES(8,'8a4af94a-06d8-4263-9e07-7edec89b4b81','engagedly','9cc32d6b-6336-443f-be94-0c4210178fd7','update','success','id-002','user002@contoso.com','a7507666-1cfe-440c-a3ec-5739a86fdc5f','{"id":"8a4af94a-06d8-4263-9e07-7edec89b4b81","job_id":"engagedly","cycle_id":"9cc32d6b-6336-443f-be94-0c4210178fd7","activity_at":"2026-11-25T18:27:58.442313Z","duration_ms":140,"action":"update","status":"success","object_type":"User","source_id":"id-002","source_name":"user002@contoso.com","target_id":"a7507666-1cfe-440c-a3ec-5739a86fdc5f","initiated_by":"entrasim","error_code":null,"error_message":null,"steps":[{"step":"import","status":"success","description":"Read User user002@contoso.com","details":{"id":"id-002","presence":"present"},"code":null},{"step":"processing","status":"success","description":"1 attributes to send","details":{"attributes":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager"},"code":null},{"step":"export","status":"success","description":"Changed: urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager","details":{},"code":null}],"changes":[{"attribute":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager","before":null,"after":"03321153-2bfc-43e1-b5bf-6639356fcfeb","redacted":false}]}','2026-11-25 18:27:58.442313');
INSERT INTO "provisioning_log" VALUES(9,'16a87307-cff5-4a95-84f4-7a5458ecd145','engagedly','9cc32d6b-6336-443f-be94-0c4210178fd7','update','success','id-005','user005@contoso.com','dd6b61fe-6f54-4ee3-90ef-4d856841347c','{"id":"16a87307-cff5-4a95-84f4-7a5458ecd145","job_id":"engagedly","cycle_id":"9cc32d6b-6336-443f-be94-0c4210178fd7","activity_at":"2026-11-25T18:27:58.442395Z","duration_ms":140,"action":"update","status":"success","object_type":"User","source_id":"id-005","source_name":"user005@contoso.com","target_id":"dd6b61fe-6f54-4ee3-90ef-4d856841347c","initiated_by":"entrasim","error_code":null,"error_message":null,"steps":[{"step":"import","status":"success","description":"Read User user005@contoso.com","details":{"id":"id-005","presence":"present"},"code":null},{"step":"processing","status":"success","description":"1 attributes to send","details":{"attributes":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager"},"code":null},{"step":"export","status":"success","description":"Changed: urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager","details":{},"code":null}],"changes":[{"attribute":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager","before":null,"after":"6754c189-c368-45ed-813c-fe52219900e1","redacted":false}]}','2026-11-25 18:27:58.442395');
INSERT INTO "provisioning_log" VALUES(10,'56799745-9c9b-4d09-ada3-2e597fbe06e1','engagedly','9cc32d6b-6336-443f-be94-0c4210178fd7','update','success','id-003','user003@contoso.com','30bf1495-da46-4cbb-8eb4-d7562fecdb11','{"id":"56799745-9c9b-4d09-ada3-2e597fbe06e1","job_id":"engagedly","cycle_id":"9cc32d6b-6336-443f-be94-0c4210178fd7","activity_at":"2026-11-25T18:27:58.442417Z","duration_ms":212,"action":"update","status":"success","object_type":"User","source_id":"id-003","source_name":"user003@contoso.com","target_id":"30bf1495-da46-4cbb-8eb4-d7562fecdb11","initiated_by":"entrasim","error_code":null,"error_message":null,"steps":[{"step":"import","status":"success","description":"Read User user003@contoso.com","details":{"id":"id-003","presence":"present"},"code":null},{"step":"processing","status":"success","description":"1 attributes to send","details":{"attributes":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager"},"code":null},{"step":"export","status":"success","description":"Changed: urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager","details":{},"code":null}],"changes":[{"attribute":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager","before":null,"after":"30bf1495-da46-4cbb-8eb4-d7562fecdb11","redacted":false}]}','2026-11-25 18:27:58.442417');
INSERT INTO "provisioning_log" VALUES(11,'498d0cd7-fbcd-4b50-85c8-e6b147175ca4','engagedly','9cc32d6b-6336-443f-be94-0c4210178fd7','update','success','id-004','user004@contoso.com','4b5c7dbd-ede7-4762-a0e5-269b3b7ecf09','{"id":"498d0cd7-fbcd-4b50-85c8-e6b147175ca4","job_id":"engagedly","cycle_id":"9cc32d6b-6336-443f-be94-0c4210178fd7","activity_at":"2026-11-25T18:27:58.442474Z","duration_ms":212,"action":"update","status":"success","object_type":"User","source_id":"id-004","source_name":"user004@contoso.com","target_id":"4b5c7dbd-ede7-4762-a0e5-269b3b7ecf09","initiated_by":"entrasim","error_code":null,"error_message":null,"steps":[{"step":"import","status":"success","description":"Read User user004@contoso.com","details":{"id":"id-004","presence":"present"},"code":null},{"step":"processing","status":"success","description":"1 attributes to send","details":{"attributes":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager"},"code":null},{"step":"export","status":"success","description":"Changed: urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager","details":{},"code":null}],"changes":[{"attribute":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager","before":null,"after":"dd6b61fe-6f54-4ee3-90ef-4d856841347c","redacted":false}]}','2026-11-25 18:27:58.442474');
INSERT INTO "provisioning_log" VALUES(12,'fbec29ad-9b19-4133-bde8-eac058750516','other','54c44d06-2994-4e0b-a30b-9c535cae7286','create','success','ada','ada@contoso.com','t1','{"id":"fbec29ad-9b19-4133-bde8-eac058750516","job_id":"other","cycle_id":"54c44d06-2994-4e0b-a30b-9c535cae7286","activity_at":"2026-01-05T08:00:00Z","duration_ms":1000,"action":"create","status":"success","object_type":"User","source_id":"ada","source_name":"ada@contoso.com","target_id":"t1","initiated_by":"entrasim","error_code":null,"error_message":null,"steps":[],"changes":[{"attribute":"userName","before":null,"after":"ada","redacted":false}]}','2026-01-05 08:00:00.000000');
INSERT INTO "provisioning_log" VALUES(13,'cc6585fe-8ae9-4efa-82c4-c918fb2e1ad4','other','54c44d06-2994-4e0b-a30b-9c535cae7286','create','failure','eve','eve@contoso.com',NULL,'{"id":"cc6585fe-8ae9-4efa-82c4-c918fb2e1ad4","job_id":"other","cycle_id":"54c44d06-2994-4e0b-a30b-9c535cae7286","activity_at":"2026-01-05T08:00:00Z","duration_ms":1000,"action":"create","status":"failure","object_type":"User","source_id":"eve","source_name":"eve@contoso.com","target_id":null,"initiated_by":"entrasim","error_code":"EntryConflict","error_message":"taken","steps":[],"changes":[{"attribute":"userName","before":null,"after":"eve","redacted":false}]}','2026-01-05 08:00:00.000000');
INSERT INTO "provisioning_log" VALUES(14,'b05a6f80-7121-43c7-995e-d7cc8aae58dd','other','54c44d06-2994-4e0b-a30b-9c535cae7286','create','success','sales','sales@contoso.com','g1','{"id":"b05a6f80-7121-43c7-995e-d7cc8aae58dd","job_id":"other","cycle_id":"54c44d06-2994-4e0b-a30b-9c535cae7286","activity_at":"2026-01-05T08:00:00Z","duration_ms":1000,"action":"create","status":"success","object_type":"Group","source_id":"Sales","source_name":"Sales@contoso.com","target_id":"g1","initiated_by":"entrasim","error_code":null,"error_message":null,"steps":[],"changes":[{"attribute":"userName","before":null,"after":"Sales","redacted":false}]}','2026-01-05 08:00:00.000000');
CREATE TABLE source_records (
	job_id VARCHAR NOT NULL, 
	object_type VARCHAR NOT NULL, 
	source_id VARCHAR NOT NULL, 
	entry TEXT NOT NULL, 
	entitled BOOLEAN NOT NULL, 
	pending BOOLEAN NOT NULL, 
	PRIMARY KEY (job_id, object_type, source_id)
);
INSERT INTO "source_records" VALUES('engagedly','User','id-000','{"anchor":{"object_type":"User","id":"id-000"},"properties":{"objectId":"id-000","userPrincipalName":"user000@contoso.com","mail":"user000@contoso.com","displayName":"user000","givenName":"user000","surname":"Example"},"references":{},"presence":"present","deleted_at":null}',1,0);
INSERT INTO "source_records" VALUES('engagedly','User','id-001','{"anchor":{"object_type":"User","id":"id-001"},"properties":{"objectId":"id-001","userPrincipalName":"user001@contoso.com","mail":"user001@contoso.com","displayName":"user001","givenName":"user001","surname":"Example"},"references":{"manager":["id-002"]},"presence":"present","deleted_at":null}',1,0);
INSERT INTO "source_records" VALUES('engagedly','User','id-002','{"anchor":{"object_type":"User","id":"id-002"},"properties":{"objectId":"id-002","userPrincipalName":"user002@contoso.com","mail":"user002@contoso.com","displayName":"user002","givenName":"user002","surname":"Example"},"references":{"manager":["id-001"]},"presence":"present","deleted_at":null}',1,0);
INSERT INTO "source_records" VALUES('engagedly','User','id-003','{"anchor":{"object_type":"User","id":"id-003"},"properties":{"objectId":"id-003","userPrincipalName":"user003@contoso.com","mail":"user003@contoso.com","displayName":"user003","givenName":"user003","surname":"Example"},"references":{"manager":["id-003"]},"presence":"present","deleted_at":null}',1,0);
INSERT INTO "source_records" VALUES('engagedly','User','id-004','{"anchor":{"object_type":"User","id":"id-004"},"properties":{"objectId":"id-004","userPrincipalName":"user004@contoso.com","mail":"user004@contoso.com","displayName":"user004","givenName":"user004","surname":"Example"},"references":{"manager":["id-005"]},"presence":"present","deleted_at":null}',1,0);
INSERT INTO "source_records" VALUES('engagedly','User','id-005','{"anchor":{"object_type":"User","id":"id-005"},"properties":{"objectId":"id-005","userPrincipalName":"user005@contoso.com","mail":"user005@contoso.com","displayName":"user005","givenName":"user005","surname":"Example"},"references":{"manager":["id-000"]},"presence":"present","deleted_at":null}',1,0);
INSERT INTO "source_records" VALUES('engagedly','Group','everybody','{"anchor":{"object_type":"Group","id":"everybody"},"properties":{"objectId":"everybody","displayName":"Everybody"},"references":{"members":["id-000","id-001","id-002","id-003","id-004","id-005"]},"presence":"present","deleted_at":null}',1,0);
INSERT INTO "source_records" VALUES('other','User','ada','{"anchor":{"object_type":"User","id":"ada"},"properties":{"mail":"ada","otherMails":["a","b"],"accountEnabled":true,"level":7},"references":{"manager":["boss"]},"presence":"present","deleted_at":"2026-01-05T08:00:00Z"}',1,0);
INSERT INTO "source_records" VALUES('other','User','bob','{"anchor":{"object_type":"User","id":"bob"},"properties":{"mail":"bob","otherMails":["a","b"],"accountEnabled":true,"level":7},"references":{"manager":["boss"]},"presence":"present","deleted_at":"2026-01-05T08:00:00Z"}',1,1);
CREATE INDEX cycles_of_a_job ON cycles (job_id, began_at);
CREATE INDEX log_of_a_cycle ON provisioning_log (cycle_id, number);
CREATE INDEX log_of_a_job ON provisioning_log (job_id, number);
CREATE INDEX log_of_a_source_id ON provisioning_log (folded_source_id);
CREATE INDEX log_of_a_source_name ON provisioning_log (folded_source_name);
CREATE INDEX log_of_a_status ON provisioning_log (status, action, number);
CREATE INDEX log_of_a_target_id ON provisioning_log (folded_target_id);
CREATE INDEX log_by_time ON provisioning_log (activity_at, number);
CREATE INDEX log_of_a_job_by_time ON provisioning_log (job_id, activity_at, number);
COMMIT;
